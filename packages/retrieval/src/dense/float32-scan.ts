import type { Ranking } from '../_shared/top-k.ts'
import { dotFloat32, squaredDistanceFloat32 } from './kernels.ts'
import { scan } from './scan.ts'
import { inverseNorms, type Metric } from './vectors.ts'

/** Rows to search; `inverse` (1/norm of each row) is needed for cosine only. */
export interface Float32Rows {
  data: Float32Array
  count: number
  dim: number
  inverse?: Float64Array
}

/** Exact top-k over float32 rows. Under l2 the scores come back as squared distances, ascending. */
export function scanFloat32(
  caller: string,
  rows: Float32Rows,
  queries: Float64Array[],
  metric: Metric,
  k: number,
  accept?: (row: number) => boolean,
): Ranking[] {
  const { data, count, dim, inverse } = rows
  const queryInverse =
    metric === 'cosine' ? queries.map(query => inverseNorms(caller, 'queries', query, dim)[0]) : undefined
  const rankings = scan(
    (q, start, end, out) => {
      if (metric === 'l2') {
        squaredDistanceFloat32(queries[q], data, start, end, out)
        for (let i = 0; i < end - start; i++) out[i] = -out[i]
        return
      }
      dotFloat32(queries[q], data, start, end, out)
      if (queryInverse === undefined) return
      for (let i = 0; i < end - start; i++) out[i] *= queryInverse[q] * inverse![start + i]
    },
    queries.length,
    count,
    dim * 4,
    k,
    accept,
  )
  return metric === 'l2' ? rankings.map(negated) : rankings
}

/** Turns the negated distances, by which the scan selects, into distances. */
export function negated({ rows, scores }: Ranking): Ranking {
  return { rows, scores: scores.map(score => 0 - score) }
}
