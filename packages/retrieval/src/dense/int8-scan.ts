import type { Ranking } from '../_shared/top-k.ts'
import { negated } from './float32-scan.ts'
import { dotInt8 } from './kernels.ts'
import { scan } from './scan.ts'
import { inverseNorms, type Metric } from './vectors.ts'

/** Int8 rows to search; `squares` (sum of squared codes of each row) is needed for cosine and l2. */
export interface Int8Rows {
  codes: Int8Array
  scales: Float32Array
  count: number
  dim: number
  squares?: Float64Array
}

/**
 * Exact top-k of float queries over the vectors that the codes stand for (code * scale): the query is not quantized.
 * Under l2 the scores come back as squared distances, ascending.
 */
export function scanInt8(
  caller: string,
  rows: Int8Rows,
  queries: Float64Array[],
  metric: Metric,
  k: number,
  accept?: (row: number) => boolean,
): Ranking[] {
  const { codes, scales, count, dim, squares } = rows
  const constants = queries.map(query => queryConstant(caller, query, metric))
  const rankings = scan(
    (q, start, end, out) => {
      dotInt8(queries[q], codes, start, end, out)
      const constant = constants[q]
      for (let i = 0, r = start; r < end; i++, r++) {
        if (metric === 'dot') out[i] *= scales[r]
        else if (metric === 'cosine') out[i] = squares![r] === 0 ? 0 : (out[i] * constant) / Math.sqrt(squares![r])
        else out[i] = -Math.max(0, constant + scales[r] * (scales[r] * squares![r] - 2 * out[i]))
      }
    },
    queries.length,
    count,
    dim,
    k,
    accept,
  )
  return metric === 'l2' ? rankings.map(negated) : rankings
}

/** The sum of squared codes of each row. */
export function squaredCodes(codes: Int8Array, dim: number): Float64Array {
  const squares = new Float64Array(codes.length / dim)
  for (let r = 0; r < squares.length; r++) {
    let sum = 0
    for (let o = r * dim; o < (r + 1) * dim; o++) sum += codes[o] * codes[o]
    squares[r] = sum
  }
  return squares
}

function queryConstant(caller: string, query: Float64Array, metric: Metric): number {
  if (metric === 'cosine') return inverseNorms(caller, 'queries', query, query.length)[0]
  return metric === 'l2' ? query.reduce((sum, x) => sum + x * x, 0) : 1
}
