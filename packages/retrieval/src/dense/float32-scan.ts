import type { Ranking } from '../_shared/top-k.ts'
import { dotFloat32, squaredDistanceFloat32 } from './kernels.ts'
import { float32Query } from './product-queries.ts'
import { isProductWork, scanProducts } from './product-scan.ts'
import type { RowBlocks, RowWeight } from './row-blocks.ts'
import { type ScoreBlock, scan } from './scan.ts'
import { inverseNorms, type Metric } from './vectors.ts'

/**
 * Rows to search; `inverse` (1/norm of each row) is needed for cosine only. Where there are `blocks`, long searches are
 * done by products with them, with the same result.
 */
export interface Float32Rows {
  data: Float32Array
  count: number
  dim: number
  inverse?: Float64Array
  blocks?: RowBlocks
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
  const { data, count, dim, inverse, blocks } = rows
  const queryInverse =
    metric === 'cosine' ? queries.map(query => inverseNorms(caller, 'queries', query, dim)[0]) : undefined
  const score: ScoreBlock = (q, start, end, out) => {
    if (metric === 'l2') {
      squaredDistanceFloat32(queries[q], data, start, end, out)
      for (let i = 0; i < end - start; i++) out[i] = -out[i]
      return
    }
    dotFloat32(queries[q], data, start, end, out)
    if (queryInverse === undefined) return
    for (let i = 0; i < end - start; i++) out[i] *= queryInverse[q] * inverse![start + i]
  }
  let rankings: Ranking[]
  if (blocks !== undefined && isProductWork(queries.length, count, dim)) {
    const weigh = (row: number) => float32Weight(data, dim, row, metric, inverse)
    const multiplied = queries.map((query, q) => float32Query(query, metric, queryInverse?.[q] ?? 1))
    rankings = scanProducts({ data, count, dim, blocks, weigh }, multiplied, score, k, accept)
  } else {
    rankings = scan(score, queries.length, count, dim * 4, k, accept)
  }
  return metric === 'l2' ? rankings.map(negated) : rankings
}

function float32Weight(
  data: Float32Array,
  dim: number,
  row: number,
  metric: Metric,
  inverse?: Float64Array,
): RowWeight {
  let square = 0
  for (let o = row * dim; o < (row + 1) * dim; o++) square += data[o] * data[o]
  return { weight: inverse?.[row] ?? 1, offset: metric === 'l2' ? square : 0, norm: Math.sqrt(square) }
}

/** Turns the negated distances, by which the scan selects, into distances. */
export function negated({ rows, scores }: Ranking): Ranking {
  return { rows, scores: scores.map(score => 0 - score) }
}
