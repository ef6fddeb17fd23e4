import { SurprisalError, type Tensor } from '@surprisal/tensor'
import { requireK, requireNumber } from '../_shared/check.ts'
import { floatData, requireRank } from '../_shared/tensor-input.ts'
import { dotFloat32 } from '../dense/kernels.ts'
import { requireFiniteRows } from '../dense/vectors.ts'

/** Options of {@link mmr}. */
export interface MmrOptions {
  /**
   * The share of relevance against novelty, in [0, 1].
   * @default 0.5
   */
  lambda?: number
  /**
   * How many documents to pick; all of them when there are fewer.
   * @default 10
   */
  k?: number
}

/**
 * Maximal marginal relevance: picks documents one by one, each time the one with the largest
 *
 * ```
 * lambda * <q, d> - (1 - lambda) * max over picked p of <d, p>      (no penalty for the first pick)
 * ```
 *
 * so that a document that says what an earlier one said comes later. Ties go to the lower index.
 *
 * @param query float32 [d]
 * @param documents float32 [n, d], best normalised to unit length
 * @returns row numbers in the order in which they were picked
 * @throws {SurprisalError} other shapes, lambda outside [0, 1], k < 1, a value that is not finite
 * @see Carbonell and Goldstein, "The Use of MMR, Diversity-Based Reranking for Reordering Documents and Producing
 *   Summaries" (1998)
 * @example
 * await mmr(tensor([1, 0.5]), tensor([[1, 0], [1, 0.1], [0, 1]]), { k: 2 }) // => [1, 2]
 */
export async function mmr(
  query: Tensor,
  documents: Tensor,
  { lambda = 0.5, k = 10 }: MmrOptions = {},
): Promise<number[]> {
  requireRank('mmr', 'query', query, ['d'])
  requireRank('mmr', 'documents', documents, ['n', 'd'])
  requireNumber('mmr', 'lambda', lambda, 0, 1)
  requireK('mmr', k)
  const [count, dim] = documents.shape
  if (query.shape[0] !== dim) {
    throw new SurprisalError('shape', `mmr: dimension ${query.shape[0]} of query != ${dim} of documents`)
  }
  const rows = await floatData('mmr', 'documents', documents)
  const probe = await floatData('mmr', 'query', query)
  requireFiniteRows('mmr', 'documents', rows, dim)
  requireFiniteRows('mmr', 'query', probe, dim)
  return pick(similarities(probe, rows, count), row => similarities(rowOf(rows, row, dim), rows, count), lambda, k)
}

function pick(relevance: Float64Array, similarity: (row: number) => Float64Array, lambda: number, k: number): number[] {
  const picked: number[] = []
  const left = new Set(relevance.keys())
  const penalty = new Float64Array(relevance.length).fill(-Infinity)
  while (picked.length < k && left.size > 0) {
    let best = -1
    let bestScore = -Infinity
    for (const row of left) {
      const score = lambda * relevance[row] - (picked.length === 0 ? 0 : (1 - lambda) * penalty[row])
      if (best < 0 || score > bestScore) {
        best = row
        bestScore = score
      }
    }
    left.delete(best)
    picked.push(best)
    for (const [row, s] of similarity(best).entries()) penalty[row] = Math.max(penalty[row], s)
  }
  return picked
}

function similarities(vector: Float32Array, rows: Float32Array, count: number): Float64Array {
  const out = new Float64Array(count)
  dotFloat32(Float64Array.from(vector), rows, 0, count, out)
  return out
}

function rowOf(rows: Float32Array, row: number, dim: number): Float32Array {
  return rows.subarray(row * dim, (row + 1) * dim)
}
