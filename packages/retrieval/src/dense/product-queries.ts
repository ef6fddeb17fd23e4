import type { ProductQuery } from './product-scan.ts'
import type { Metric } from './vectors.ts'

/** Half the distance of 1 to the next float32: the largest relative error of one rounding. */
const FLOAT_ROUNDING = 2 ** -24
/** Half of the smallest float32: the largest error of a rounding that underflows. */
const FLOAT_UNDERFLOW = 2 ** -150
const DOUBLE_ROUNDING = 2 ** -53

/** A query for products in float32. */
export function float32Query(query: Float64Array, metric: Metric, inverse: number): ProductQuery {
  const dim = query.length
  const scale = metric === 'cosine' ? inverse : 1
  const length = Math.sqrt(squaredLength(query)) * scale
  const underflow = 2 * dim * FLOAT_UNDERFLOW
  return {
    values: Float32Array.from(query, x => x * scale),
    ...terms(query, metric),
    errorPerNorm: slope(metric) * (float32Error(dim) * length + underflow + doubleError(dim) * length),
    errorPerWeight: slope(metric) * underflow,
  }
}

/**
 * A query for products of int8: its own codes, with one scale. What the codes leave out is known, and its product with
 * a row is at most that of the lengths.
 */
export function int8Query(query: Float64Array, metric: Metric, inverse: number): ProductQuery {
  const dim = query.length
  const scale = metric === 'cosine' ? inverse : 1
  const step = (query.reduce((largest, x) => Math.max(largest, Math.abs(x)), 0) * scale) / 127 || 1
  const values = Int8Array.from(query, x => Math.round((x * scale) / step))
  const rest = Math.sqrt(squaredLength(query.map((x, j) => x * scale - step * values[j])))
  const length = Math.sqrt(squaredLength(query)) * scale
  const { factor, constant } = terms(query, metric)
  return {
    values,
    factor: factor * step,
    constant,
    // The sum of int8 products is exact, and rounded when it becomes float32.
    errorPerNorm: slope(metric) * (rest + (2 * FLOAT_ROUNDING + doubleError(dim)) * (length + rest)),
    errorPerWeight: 0,
  }
}

/** Squared distances are searched negated: 2 q.x - |x|^2 - |q|^2. */
function terms(query: Float64Array, metric: Metric): { factor: number; constant: number } {
  return { factor: slope(metric), constant: metric === 'l2' ? -squaredLength(query) : 0 }
}

function slope(metric: Metric): number {
  return metric === 'l2' ? 2 : 1
}

/**
 * Relative error of a product in float32: a sum of n terms, in whatever order, is wrong by at most n u / (1 - n u) times
 * the sum of their absolute values (Higham 2002, section 3.1), which is at most the product of the lengths. One rounding
 * of each term and one of the query come on top.
 */
export function float32Error(dim: number): number {
  const roundings = (dim + 4) * FLOAT_ROUNDING
  return roundings < 1 ? roundings / (1 - roundings) : Infinity
}

/** Relative error of the exact scores, which are sums in float64, and of the arithmetic here. */
function doubleError(dim: number): number {
  return 4 * (dim + 8) * DOUBLE_ROUNDING
}

function squaredLength(query: Float64Array): number {
  let sum = 0
  for (const x of query) sum += x * x
  return sum
}
