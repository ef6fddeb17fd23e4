import { type DefinedOp, defineOp, hostData, SurprisalError, type Tensor, type TensorLike } from '@surprisal/tensor'
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

/** Ids and bags as they are, looked at when they are computed. */
const checkLater: DefinedOp<{ rows: number; bags: number }> = defineOp({
  name: 'embeddingBag',
  infer: inputs => inputs,
  reference: ([ids, bagIds], outputs, { rows, bags }) => {
    requireInRange('ids', ids.data, rows)
    requireInRange('bagIds', bagIds.data, bags)
    outputs[0].set(ids.data)
    outputs[1].set(bagIds.data)
  },
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
 * @throws {SurprisalError} `shape` for other ranks or lengths, `index` when an id or a bag does not exist: at the call where
 *   they are known then, otherwise at the read
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
  const rows = weight.shape[0]
  const known = [requireIndices('ids', ids, rows), requireIndices('bagIds', bagIds, bags)]
  const [from, to] = known.includes(false) ? checkLater([ids, bagIds], { rows, bags }) : [ids, bagIds]
  return bag([weight, perSampleWeights, from, to], { bags })[0]
}

/** Whether the indices could be looked at. */
function requireIndices(name: string, index: Tensor, size: number): boolean {
  if (index.dtype !== 'int32')
    throw new SurprisalError('dtype', `embeddingBag: ${name} must be int32, got ${index.dtype}`)
  const data = hostData(index)
  if (data) requireInRange(name, data, size)
  return data !== null
}

function requireInRange(name: string, data: ArrayLike<number>, size: number): void {
  const wrong = Array.prototype.find.call(data, (i: number) => i < 0 || i >= size)
  if (wrong !== undefined)
    throw new SurprisalError('index', `embeddingBag: ${name} holds ${wrong}, out of range [0, ${size})`)
}
