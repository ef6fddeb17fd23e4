import { embedding as embeddingOp, Module, normal, Parameter, type RandomKey, SurprisalError, type Tensor, type TensorLike, arange, stopGradient, where } from '@surprisal/tensor'

/** Options of {@link embedding}. */
export interface EmbeddingOptions {
  /** Row that receives no gradient. */
  paddingIdx?: number
}

/**
 * Rows of a table by id.
 * @param ids int32 or uint8, any shape
 * @param weight [rows, dim]
 * @returns [...ids.shape, dim]
 * @throws {SurprisalError} `index` at the read for an id outside of [0, rows)
 */
export function embedding(ids: Tensor, weight: TensorLike, { paddingIdx }: EmbeddingOptions = {}): Tensor {
  if (paddingIdx === undefined) return embeddingOp(weight, ids)
  const rows = weight.shape[0]
  if (!Number.isInteger(paddingIdx) || paddingIdx < 0 || paddingIdx >= rows)
    throw new SurprisalError('argument', `embedding: paddingIdx must be in [0, ${rows}), got ${paddingIdx}`)
  const found = embeddingOp(weight, ids)
  return where(ids.equal(paddingIdx).unsqueeze(-1), stopGradient(found), found)
}

/** A table of learned vectors, N(0, 1) at first; the padding row starts at zero. */
export class Embedding extends Module {
  weight: Parameter
  readonly #paddingIdx: number | undefined

  constructor(numEmbeddings: number, embeddingDim: number, { key, std = 1, paddingIdx }: EmbeddingOptions & { key: RandomKey; std?: number }) {
    super()
    const weight = normal(key, [numEmbeddings, embeddingDim], { std })
    const padded = arange(numEmbeddings).unsqueeze(1).equal(paddingIdx ?? -1)
    this.weight = new Parameter(paddingIdx === undefined ? weight : where(padded, 0, weight))
    this.#paddingIdx = paddingIdx
  }

  /** @param ids int32, any shape */
  override forward(ids: Tensor): Tensor {
    return embedding(ids, this.weight, { paddingIdx: this.#paddingIdx })
  }
}
