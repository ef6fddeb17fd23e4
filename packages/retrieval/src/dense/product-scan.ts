/**
 * Exact top-k by matrix products: blocks of queries are multiplied with blocks of rows, in the precision of the tensor
 * library, and each product bounds a score from both sides. Only rows whose bounds leave it open whether they belong
 * to the k best are scored again, in float64. The result is that of a plain scan, bit for bit.
 */
import { tensor } from '@surprisal/tensor'
import type { Ranking } from '../_shared/top-k.ts'
import { Candidates } from './candidates.ts'
import type { BlockWeights, RowBlocks, RowWeight } from './row-blocks.ts'
import type { ScoreBlock } from './scan.ts'

/** Queries that are multiplied at once. */
const QUERIES_PER_BLOCK = 128
/** Below so many multiplications a plain scan is done before a product has begun. */
const LEAST_WORK = 1 << 18

/** A query as it is multiplied. Its score for a row is factor * product * weight - offset + constant, nearly. */
export interface ProductQuery {
  /** float32 or int8, as the rows are. */
  values: Float32Array | Int8Array
  factor: number
  constant: number
  /** Bounds the error of a score, per length of the weighted row. */
  errorPerNorm: number
  /** Bounds what underflow takes from a score, per weight. */
  errorPerWeight: number
}

/** Rows that are searched by products. */
export interface ProductRows {
  data: Float32Array | Int8Array
  count: number
  dim: number
  blocks: RowBlocks
  weigh: (row: number) => RowWeight
}

/** Whether products are worth it. */
export function isProductWork(queries: number, count: number, dim: number): boolean {
  return queries * count * dim >= LEAST_WORK
}

/** @param score the exact scores, which decide */
export function scanProducts(
  rows: ProductRows,
  queries: readonly ProductQuery[],
  score: ScoreBlock,
  k: number,
  accept?: (row: number) => boolean,
): Ranking[] {
  const rankings: Ranking[] = []
  for (let first = 0; first < queries.length; first += QUERIES_PER_BLOCK) {
    const part = queries.slice(first, first + QUERIES_PER_BLOCK)
    rankings.push(...scanPart(rows, part, (q, start, end, out) => score(first + q, start, end, out), k, accept))
  }
  return rankings
}

function scanPart(
  { data, count, dim, blocks, weigh }: ProductRows,
  queries: readonly ProductQuery[],
  score: ScoreBlock,
  k: number,
  accept?: (row: number) => boolean,
): Ranking[] {
  const out = new Float64Array(1)
  const candidates = queries.map((_, q) => {
    const scoreRow = (row: number) => {
      score(q, row, row + 1, out)
      return out[0]
    }
    return new Candidates(Math.min(k, count), scoreRow)
  })
  const stacked = tensor(stack(queries, dim), { shape: [queries.length, dim], device: 'cpu' })
  try {
    for (let start = 0; start < count; start += blocks.rowsPerBlock) {
      const end = Math.min(count, start + blocks.rowsPerBlock)
      const weights = blocks.weights(start, end, weigh)
      const products = blocks.products(data, start, end, stacked)
      for (const [q, query] of queries.entries()) {
        const own = products.subarray(q * (end - start), (q + 1) * (end - start))
        choose(own, start, query, weights, (dim + 8) * DOUBLE_ROUNDING, candidates[q], accept)
      }
    }
  } finally {
    stacked.dispose()
  }
  return candidates.map(each => each.take())
}

/** Hands on the rows of a block that may be among the best. */
function choose(
  products: Float32Array,
  start: number,
  { factor, constant, errorPerNorm, errorPerWeight }: ProductQuery,
  { weights, offsets, largestWeight, largestOffset, largestNorm }: BlockWeights,
  rounding: number,
  candidates: Candidates,
  accept?: (row: number) => boolean,
): void {
  const squares = Math.abs(constant) + largestOffset
  const error = errorPerNorm * largestNorm + errorPerWeight * largestWeight + rounding * squares
  let limit = candidates.threshold - constant - error
  for (let i = 0; i < products.length; i++) {
    const value = factor * products[i] * weights[i] - offsets[i]
    // A product that has overflowed is infinite or no number, and says nothing.
    if (value <= limit && value !== -Infinity) continue
    if (accept !== undefined && !accept(start + i)) continue
    if (Number.isFinite(value) && error < Infinity)
      candidates.add(start + i, value + constant - error, value + constant + error)
    else candidates.add(start + i, -Infinity, Infinity)
    limit = candidates.threshold - constant - error
  }
}

/** Twice the rounding of a float64: covers a term of a sum of squares and the arithmetic on it. */
const DOUBLE_ROUNDING = 2 ** -52

function stack(queries: readonly ProductQuery[], dim: number): Float32Array | Int8Array {
  const stacked =
    queries[0].values instanceof Int8Array
      ? new Int8Array(queries.length * dim)
      : new Float32Array(queries.length * dim)
  for (const [q, { values }] of queries.entries()) stacked.set(values, q * dim)
  return stacked
}
