import type { HostArray } from '../dtype.ts'
import { SurprisalError } from '../error.ts'
import { asTensor } from '../operand.ts'
import { gatherAlong, host, orderAlong } from '../primitive.ts'
import { normalizeDim, sameShape, shapeText } from '../shape.ts'
import type { Tensor, TensorLike } from '../tensor.ts'
import { requireInteger, requireRank } from './internal/arguments.ts'
import { optionsOf } from './internal/checks.ts'

/** Values together with where they stood along the dim, int32. */
export interface ValuesAndIndices {
  values: Tensor
  indices: Tensor
}

/** Options of {@link sort} and {@link argsort}. */
export interface SortOptions {
  /** Along which dim. @default -1 */
  dim?: number
  /** Largest first. @default false */
  descending?: boolean
}

/**
 * Sorts along one dim. Stable both ways: equal elements (`+0` and `-0` too) keep their order. NaN is greater than
 * everything, so last ascending and first descending.
 *
 * @param options dim and descending
 * @returns values of x's dtype and their int32 indices; the gradient goes to where a value came from
 */
export function sort(x: TensorLike, options: SortOptions = {}): ValuesAndIndices {
  const { dim = -1, descending = false } = optionsOf('sort', options)
  const t = asTensor('sort', 'x', x)
  const d = normalizeDim('sort', dim, t.shape.length)
  const indices = orderAlong('sort', t, d, descending)
  return { values: gatherAlong('sort', t, d, indices), indices }
}

/** The int32 indices that {@link sort} gives. */
export function argsort(x: TensorLike, options: SortOptions = {}): Tensor {
  const { dim = -1, descending = false } = optionsOf('argsort', options)
  const t = asTensor('argsort', 'x', x)
  return orderAlong('argsort', t, normalizeDim('argsort', dim, t.shape.length), descending)
}

/** Options of {@link topk}. */
export interface TopKOptions {
  /** Along which dim. @default -1 */
  dim?: number
  /** The largest rather than the smallest. @default true */
  largest?: boolean
}

/**
 * The `k` largest (or smallest) elements along one dim, in the order of {@link sort}: the lowest index first among
 * equal ones, NaN the greatest.
 *
 * @returns values of x's dtype and their int32 indices; the gradient goes to the chosen elements
 * @throws {SurprisalError} `argument` when k exceeds the dim
 */
export function topk(x: TensorLike, k: number, options: TopKOptions = {}): ValuesAndIndices {
  const { dim = -1, largest = true } = optionsOf('topk', options)
  const t = asTensor('topk', 'x', x)
  const d = normalizeDim('topk', dim, t.shape.length)
  requireInteger('topk', 'k', k)
  if (k > t.shape[d]) throw new SurprisalError('argument', `topk: k = ${k} exceeds dim size ${t.shape[d]}`)
  const indices = orderAlong('topk', t, d, largest, k)
  return { values: gatherAlong('topk', t, d, indices), indices }
}

/** Options of {@link searchsorted} and {@link bucketize}. */
export interface SearchOptions {
  /** The place behind equal elements rather than before them. @default false */
  right?: boolean
}

/**
 * Where values would be inserted into sorted rows: the first i with `sorted[i] >= value` (right: `> value`), the
 * row's length when there is none. NaN goes to the end.
 *
 * @param sorted ascending along its last dim; 1-D, or of the leading dims of values
 * @param values any shape, which the int32 result has
 * @throws {SurprisalError} `shape` when the leading dims differ
 */
export function searchsorted(sorted: TensorLike, values: TensorLike, options: SearchOptions = {}): Tensor {
  const { right = false } = optionsOf('searchsorted', options)
  const rows = asTensor('searchsorted', 'sorted', sorted)
  const wanted = asTensor('searchsorted', 'values', values)
  const leading = rows.shape.slice(0, -1)
  if (rows.shape.length === 0)
    throw new SurprisalError('shape', 'searchsorted: sorted must have at least 1 dim, got shape []')
  if (rows.shape.length > 1 && (wanted.shape.length === 0 || !sameShape(leading, wanted.shape.slice(0, -1))))
    throw new SurprisalError(
      'shape',
      `searchsorted: leading dims of ${shapeText(rows.shape)} and ${shapeText(wanted.shape)} differ`,
    )
  return searchRows('searchsorted', rows, wanted, right)
}

/**
 * The number of the bucket of each value: {@link searchsorted} with the arguments exchanged.
 * @param boundaries ascending vector
 */
export function bucketize(values: TensorLike, boundaries: TensorLike, options: SearchOptions = {}): Tensor {
  const { right = false } = optionsOf('bucketize', options)
  const edges = asTensor('bucketize', 'boundaries', boundaries)
  requireRank('bucketize', 'boundaries', edges.shape, 1)
  return searchRows('bucketize', edges, asTensor('bucketize', 'values', values), right)
}

function searchRows(op: string, sorted: Tensor, values: Tensor, right: boolean): Tensor {
  const width = sorted.shape[sorted.shape.length - 1]
  const perRow = sorted.shape.length === 1 ? values.size : values.shape[values.shape.length - 1]
  return host(op, [sorted, values], 'int32', values.shape, ([row, wanted], _shapes, output) => {
    for (let i = 0; i < wanted.length; i++) {
      const start = Math.floor(i / perRow) * width
      output[i] = insertionPoint(row, start, start + width, wanted[i], right) - start
    }
  })
}

function insertionPoint(row: HostArray, start: number, end: number, value: number, right: boolean): number {
  if (Number.isNaN(value)) return end
  let low = start
  let high = end
  while (low < high) {
    const middle = (low + high) >> 1
    if (row[middle] < value || (right && row[middle] === value)) low = middle + 1
    else high = middle
  }
  return low
}
