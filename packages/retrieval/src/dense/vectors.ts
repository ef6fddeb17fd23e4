import { SurprisalError } from '@surprisal/tensor'
import { requireList } from '../_shared/check.ts'

/** How a query is compared with a row: inner product, cosine, or squared Euclidean distance. */
export type Metric = 'dot' | 'cosine' | 'l2'

/** The metrics of exact search. */
export const METRICS: readonly Metric[] = ['dot', 'cosine', 'l2']

/** Throws at the first row with a NaN or an infinity, naming it. */
export function requireFiniteRows(caller: string, argument: string, rows: ArrayLike<number>, dim: number): void {
  for (let i = 0; i < rows.length; i++) {
    // x - x is 0 for every finite x and NaN for the others.
    if (rows[i] - rows[i] !== 0) {
      throw new SurprisalError(
        'argument',
        `${caller}: ${argument} row ${Math.floor(i / dim)} must be finite, got ${rows[i]}`,
      )
    }
  }
}

/** 1/|row| of every row; throws at a zero row, naming it. */
export function inverseNorms(caller: string, argument: string, rows: ArrayLike<number>, dim: number): Float64Array {
  const count = rows.length / dim
  const inverse = new Float64Array(count)
  for (let r = 0; r < count; r++) {
    let sum = 0
    for (let o = r * dim; o < (r + 1) * dim; o++) sum += rows[o] * rows[o]
    if (sum === 0) {
      throw new SurprisalError('argument', `${caller}: ${argument} row ${r} is a zero vector, which has no cosine`)
    }
    inverse[r] = 1 / Math.sqrt(sum)
  }
  return inverse
}

/** Splits flat queries into one Float64Array each, checked. */
export function splitQueries(caller: string, queries: ArrayLike<number>, dim: number): Float64Array[] {
  requireNumbers(caller, queries)
  if (queries.length % dim !== 0) {
    throw new SurprisalError(
      'shape',
      `${caller}: dimension ${dim} of the index does not divide ${queries.length} values`,
    )
  }
  requireFiniteRows(caller, 'queries', queries, dim)
  return Array.from({ length: queries.length / dim }, (_, i) =>
    Float64Array.from({ length: dim }, (_, j) => queries[i * dim + j]),
  )
}

/** One query as the only element of a batch, checked. */
export function singleQuery(caller: string, query: ArrayLike<number>, dim: number): Float64Array[] {
  requireNumbers(caller, query)
  if (query.length !== dim) {
    throw new SurprisalError('shape', `${caller}: dimension ${query.length} of queries != ${dim} of the index`)
  }
  return splitQueries(caller, query, dim)
}

/** Throws unless there are `dim` finite values for each id. */
export function requireRows(caller: string, ids: readonly unknown[], rows: Float32Array, dim: number): void {
  requireList(caller, 'ids', ids)
  if (!(rows instanceof Float32Array)) {
    throw new SurprisalError('dtype', `${caller}: vectors must be a Float32Array, got ${typeName(rows)}`)
  }
  if (rows.length !== ids.length * dim) {
    throw new SurprisalError(
      'shape',
      `${caller}: vectors must hold ${ids.length} rows of dimension ${dim}, got ${rows.length} values`,
    )
  }
  requireFiniteRows(caller, 'vectors', rows, dim)
}

function requireNumbers(caller: string, queries: ArrayLike<number>): void {
  if (!Array.isArray(queries) && !ArrayBuffer.isView(queries)) {
    throw new SurprisalError('argument', `${caller}: queries must be an array of numbers, got ${typeName(queries)}`)
  }
}

function typeName(value: unknown): string {
  return (value as object | null | undefined)?.constructor?.name ?? String(value)
}
