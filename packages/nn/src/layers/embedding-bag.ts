import { type DefinedOp, defineOp, SurprisalError, type Tensor, type TensorLike } from '@surprisal/tensor'
import { requireTensor } from '../_shared/positional.ts'
import { requireWhole } from '../_shared/require.ts'

interface BagOptions {
  bags: number
}

/** `out[to[t]] += weights[t] * rows[from[t]]`, for inputs rows, weights, from, to. */
const bag: DefinedOp<BagOptions> = defineOp<BagOptions>({
  name: 'embeddingBag',
  infer: ([rows], { bags }) => [{ shape: [bags, rows.shape[1]], dtype: 'float32' }],
  reference: ([rows, weights, from, to], [out]) => {
    const dim = rows.shape[1]
    out.fill(0)
    for (let t = 0; t < weights.data.length; t++) {
      const weight = weights.data[t]
      let source = from.data[t] * dim
      let target = to.data[t] * dim
      for (let d = 0; d < dim; d++) out[target++] += weight * rows.data[source++]
    }
  },
  gradient: ([dy], [rows, weights, from, to]) => [
    bag([dy, weights, to, from], { bags: rows.shape[0] })[0],
    pairDots([rows, dy, from, to])[0],
    null,
    null,
  ],
})

/** `out[t] = rows[from[t]] . others[to[t]]`, for inputs rows, others, from, to. */
const pairDots: DefinedOp<Record<string, never>> = defineOp({
  name: 'embeddingBag',
  infer: ([, , from]) => [{ shape: from.shape, dtype: 'float32' }],
  reference: ([rows, others, from, to], [out]) => {
    const dim = rows.shape[1]
    for (let t = 0; t < out.length; t++) {
      let source = from.data[t] * dim
      let target = to.data[t] * dim
      let sum = 0
      for (let d = 0; d < dim; d++) sum += rows.data[source++] * others.data[target++]
      out[t] = sum
    }
  },
  gradient: ([dy], [rows, others, from, to]) => [
    bag([others, dy, to, from], { bags: rows.shape[0] })[0],
    bag([rows, dy, from, to], { bags: others.shape[0] })[0],
    null,
    null,
  ],
})

/** Options of {@link embeddingBag}. */
export interface EmbeddingBagOptions {
  /** Number of bags; some may be empty. */
  bags: number
}

/**
 * Weighted sums of table rows: bag i is the sum of `perSampleWeights[t] * weight[ids[t]]` over the places t of bag i.
 * Texts of different lengths need no padding, and the rows of all places never stand in memory at once.
 *
 * @param weight float32 [rows, dim]
 * @param ids int32 [places], a row for each place
 * @param bagIds int32 [places], the bag of each place
 * @param perSampleWeights float32 [places]
 * @returns float32 [bags, dim]; an empty bag is 0
 * @throws {SurprisalError} `shape` for other ranks or lengths, `index` at the call when an id or a bag does not exist
 */
export function embeddingBag(
  weight: TensorLike,
  ids: Tensor,
  bagIds: Tensor,
  perSampleWeights: Tensor,
  { bags }: EmbeddingBagOptions,
): Tensor {
  requireTensor('embeddingBag', 'weight', weight)
  requireWhole('embeddingBag', 'bags', bags)
  if (weight.shape.length !== 2)
    throw new SurprisalError('shape', `embeddingBag: weight must be a matrix, got shape [${weight.shape.join(', ')}]`)
  for (const [name, given] of Object.entries({ ids, bagIds, perSampleWeights })) {
    requireTensor('embeddingBag', name, given)
    if (given.shape.length !== 1 || given.shape[0] !== ids.shape[0])
      throw new SurprisalError(
        'shape',
        `embeddingBag: ${name} must have shape [${ids.size}], got [${given.shape.join(', ')}]`,
      )
  }
  requireIndices('ids', ids, weight.shape[0])
  requireIndices('bagIds', bagIds, bags)
  return bag([weight, perSampleWeights, ids, bagIds], { bags })[0]
}

function requireIndices(name: string, index: Tensor, size: number): void {
  if (index.dtype !== 'int32')
    throw new SurprisalError('dtype', `embeddingBag: ${name} must be int32, got ${index.dtype}`)
  const wrong = index.dataSync().find(i => i < 0 || i >= size)
  if (wrong !== undefined)
    throw new SurprisalError('index', `embeddingBag: ${name} holds ${wrong}, out of range [0, ${size})`)
}
