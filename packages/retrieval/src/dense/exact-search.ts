import { SurprisalError, type Tensor, tensor } from '@surprisal/tensor'
import { requireK, requireOneOf } from '../_shared/check.ts'
import { floatData, requireRank } from '../_shared/tensor-input.ts'
import { scanFloat32 } from './float32-scan.ts'
import { RowBlocks } from './row-blocks.ts'
import { inverseNorms, METRICS, type Metric, requireFiniteRows, splitQueries } from './vectors.ts'

/** Options of {@link exactSearch}. */
export interface ExactSearchOptions {
  /**
   * How many rows to find for each query; all of them when there are fewer.
   * @default 10
   */
  k?: number
  /**
   * Inner product or cosine (scores descending), or squared Euclidean distance (ascending).
   * @default 'dot'
   */
  metric?: Metric
}

/**
 * The k nearest rows of each query, by comparing with every row. To search the same rows again and again, make a
 * {@link FlatIndex}, which gives the same results.
 *
 * @param vectors float32 [n, d]
 * @param queries float32 [m, d]
 * @returns `indices` int32 and `scores` float32, both [m, min(k, n)], best first, ties to the lower index
 * @throws {SurprisalError} other shapes, k < 1, unknown metric, a value that is not finite or, under cosine, a zero
 *   vector (the row is named)
 * @example
 * const { indices } = await exactSearch(tensor([[1, 0], [0, 1]]), tensor([[0.2, 1]]), { k: 1 })
 * await indices.data() // => Int32Array [1]
 */
export async function exactSearch(
  vectors: Tensor,
  queries: Tensor,
  { k = 10, metric = 'dot' }: ExactSearchOptions = {},
): Promise<{ indices: Tensor; scores: Tensor }> {
  const caller = 'exactSearch'
  requireRank(caller, 'vectors', vectors, ['n', 'd'])
  requireRank(caller, 'queries', queries, ['m', 'd'])
  requireK(caller, k)
  requireOneOf(caller, 'metric', metric, METRICS)
  const [count, dim] = vectors.shape
  if (queries.shape[1] !== dim || dim === 0) {
    throw new SurprisalError('shape', `${caller}: dimension ${queries.shape[1]} of queries != ${dim} of the index`)
  }
  const data = await floatData(caller, 'vectors', vectors)
  requireFiniteRows(caller, 'vectors', data, dim)
  const split = splitQueries(caller, await floatData(caller, 'queries', queries), dim)
  const inverse = metric === 'cosine' ? inverseNorms(caller, 'vectors', data, dim) : undefined
  const blocks = new RowBlocks(dim)
  const rankings = scanFloat32(caller, { data, count, dim, inverse, blocks }, split, metric, k)
  blocks.dispose()
  const found = Math.min(k, count)
  const indices = new Int32Array(split.length * found)
  const scores = new Float32Array(indices.length)
  for (const [q, ranking] of rankings.entries()) {
    indices.set(ranking.rows, q * found)
    scores.set(ranking.scores, q * found)
  }
  const shape = [split.length, found]
  return { indices: tensor(indices, { shape, dtype: 'int32' }), scores: tensor(scores, { shape }) }
}
