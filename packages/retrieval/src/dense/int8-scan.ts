import type { Ranking } from '../_shared/top-k.ts'
import { negated } from './float32-scan.ts'
import { dotInt8 } from './kernels.ts'
import { int8Query } from './product-queries.ts'
import { isProductWork, scanProducts } from './product-scan.ts'
import type { RowBlocks, RowWeight } from './row-blocks.ts'
import { type ScoreBlock, scan } from './scan.ts'
import { inverseNorms, type Metric } from './vectors.ts'

/** More values per row than this could exceed an int32 in a product of codes. */
const LARGEST_PRODUCT_DIM = 1 << 17

/**
 * Int8 rows to search; `squares` (sum of squared codes of each row) is needed for cosine and l2. Where there are
 * `blocks`, long searches are done by products with them, with the same result.
 */
export interface Int8Rows {
  codes: Int8Array
  scales: Float32Array
  count: number
  dim: number
  squares?: Float64Array
  blocks?: RowBlocks
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
  const { codes, scales, count, dim, squares, blocks } = rows
  const constants = queries.map(query => queryConstant(caller, query, metric))
  const score: ScoreBlock = (q, start, end, out) => {
    dotInt8(queries[q], codes, start, end, out)
    const constant = constants[q]
    for (let i = 0, r = start; r < end; i++, r++) {
      if (metric === 'dot') out[i] *= scales[r]
      else if (metric === 'cosine') out[i] = squares![r] === 0 ? 0 : (out[i] * constant) / Math.sqrt(squares![r])
      else out[i] = -Math.max(0, constant + scales[r] * (scales[r] * squares![r] - 2 * out[i]))
    }
  }
  let rankings: Ranking[]
  if (blocks !== undefined && dim <= LARGEST_PRODUCT_DIM && isProductWork(queries.length, count, dim)) {
    const weigh = (row: number) => int8Weight(codes, dim, row, scales[row], metric)
    const multiplied = queries.map((query, q) => int8Query(query, metric, constants[q]))
    rankings = scanProducts({ data: codes, count, dim, blocks, weigh }, multiplied, score, k, accept)
  } else {
    rankings = scan(score, queries.length, count, dim, k, accept)
  }
  return metric === 'l2' ? rankings.map(negated) : rankings
}

function int8Weight(codes: Int8Array, dim: number, row: number, scale: number, metric: Metric): RowWeight {
  let square = 0
  for (let o = row * dim; o < (row + 1) * dim; o++) square += codes[o] * codes[o]
  const norm = Math.sqrt(square)
  const weight = metric !== 'cosine' ? scale : square === 0 ? 0 : 1 / norm
  return { weight, offset: metric === 'l2' ? scale * scale * square : 0, norm }
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
