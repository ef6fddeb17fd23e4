import {
  arange,
  embedding as embeddingOp,
  Module,
  normal,
  Parameter,
  type RandomKey,
  SurprisalError,
  stopGradient,
  type Tensor,
  type TensorLike,
  where,
} from '@surprisal/tensor'
import { requireTensor } from '../_shared/positional.ts'
import { requireWhole } from '../_shared/require.ts'

/** Options of {@link embedding}. */
export interface EmbeddingOptions {
  /** Row that receives no gradient. */
  paddingIdx?: number
}

function requireRow(where: string, paddingIdx: number, rows: number): void {
  if (!Number.isInteger(paddingIdx) || paddingIdx < 0 || paddingIdx >= rows)
    throw new SurprisalError('argument', `${where}: paddingIdx must be in [0, ${rows}), got ${paddingIdx}`)
}

/**
 * Rows of a table by id; the gradient of a row is the sum over its places.
 * @param ids int32 or uint8, any shape
 * @param weight [rows, dim]
 * @returns [...ids.shape, dim]
 * @throws {SurprisalError} `argument` for a paddingIdx that is no row, `index` at the read for an id outside of [0, rows)
 */
export function embedding(ids: Tensor, weight: TensorLike, { paddingIdx }: EmbeddingOptions = {}): Tensor {
  requireTensor('embedding', 'ids', ids)
  requireTensor('embedding', 'weight', weight)
  const found = embeddingOp(weight, ids)
  if (paddingIdx === undefined) return found
  requireRow('embedding', paddingIdx, weight.shape[0])
  return where(ids.equal(paddingIdx).unsqueeze(-1), stopGradient(found), found)
}

/** Options of {@link Embedding}. */
export interface EmbeddingModuleOptions extends EmbeddingOptions {
  /** Key of the initial vectors, or its seed. */
  key: RandomKey | number
  /** Standard deviation of the initial vectors. @default 1 */
  std?: number
}

/** A table of learned vectors, N(0, std^2) at first; the padding row starts at zero and stays there. */
export class Embedding extends Module {
  /** [numEmbeddings, embeddingDim] */
  weight: Parameter
  readonly #paddingIdx: number | undefined

  /** @throws {SurprisalError} `argument` for sizes that are no whole numbers from 1, or a paddingIdx that is no row */
  constructor(numEmbeddings: number, embeddingDim: number, { key, std = 1, paddingIdx }: EmbeddingModuleOptions) {
    super()
    requireWhole('Embedding', 'numEmbeddings', numEmbeddings, 1)
    requireWhole('Embedding', 'embeddingDim', embeddingDim, 1)
    const weight = normal(key, [numEmbeddings, embeddingDim], { std })
    if (paddingIdx === undefined) this.weight = new Parameter(weight)
    else {
      requireRow('Embedding', paddingIdx, numEmbeddings)
      this.weight = new Parameter(where(arange(numEmbeddings).unsqueeze(1).equal(paddingIdx), 0, weight))
    }
    this.#paddingIdx = paddingIdx
  }

  /**
   * @param ids int32 or uint8, any shape
   * @returns [...ids.shape, embeddingDim]
   */
  override forward(ids: Tensor): Tensor {
    return embedding(ids, this.weight, { paddingIdx: this.#paddingIdx })
  }
}
