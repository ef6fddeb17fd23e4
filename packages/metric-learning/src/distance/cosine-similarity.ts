import type { Tensor, TensorLike } from '@surprisal/tensor'
import { requireSameRows, rowsOf } from '../_shared/arguments.ts'
import { normalizeRows } from '../_shared/distance.ts'

/**
 * Cosine of the angle between the rows of two aligned sets; all pairs are
 * `distanceMatrix(a, b, { distance: 'cosine' })`. A row of zeros has cosine 0 with everything.
 *
 * @param a float `[N, D]`
 * @param b float `[N, D]`
 * @returns `[N]`, from -1 to 1
 * @throws {SurprisalError} `shape` or `dtype` at the call
 */
export function cosineSimilarity(a: TensorLike, b: TensorLike): Tensor {
  const x = rowsOf('cosineSimilarity', 'a', a)
  const y = rowsOf('cosineSimilarity', 'b', b)
  requireSameRows('cosineSimilarity', 'b', y, 'a', x)
  return normalizeRows(x).mul(normalizeRows(y)).sum({ dim: -1 })
}
