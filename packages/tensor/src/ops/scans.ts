import { SurprisalError } from '../error.ts'
import type { ScanName } from '../graph/node.ts'
import { asTensor, toFloat } from '../operand.ts'
import { binary, cast, gatherAlong, inFloat32, scan } from '../primitive.ts'
import { normalizeDim } from '../shape.ts'
import type { Tensor, TensorLike } from '../tensor.ts'
import { widened } from './internal/arguments.ts'
import { optionsOf } from './internal/checks.ts'
import { sliceView } from './internal/views.ts'
import type { ValuesAndIndices } from './sorting.ts'

/** Options of the scans. */
export interface ScanOptions {
  /** Along which dim. @default -1 */
  dim?: number
}

/** Options of {@link cumsum} and {@link cumprod}. */
export interface CumulateOptions extends ScanOptions {
  /** Leave each element out of its own result: the first one is 0 (a product: 1). @default false */
  exclusive?: boolean
  /** From the end to the front. @default false */
  reverse?: boolean
}

function cumulate(op: string, f: ScanName, x: Tensor, options: CumulateOptions): Tensor {
  const { dim = -1, exclusive = false, reverse = false } = optionsOf(op, options)
  const d = normalizeDim(op, dim, x.shape.length)
  return inFloat32(op, x, y => scan(op, f, y, d, { exclusive, reverse }))
}

/**
 * Running sums along one dim. Integers and bools give int32, which wraps.
 * @param options dim, exclusive and reverse
 */
export function cumsum(x: TensorLike, options: CumulateOptions = {}): Tensor {
  const t = asTensor('cumsum', 'x', x)
  return cumulate('cumsum', 'sum', cast('cumsum', t, widened(t.dtype)), options)
}

/**
 * Running products along one dim; the gradient is exact with zeros. Integers and bools give int32, which wraps.
 * @param options dim, exclusive and reverse
 */
export function cumprod(x: TensorLike, options: CumulateOptions = {}): Tensor {
  const t = asTensor('cumprod', 'x', x)
  return cumulate('cumprod', 'prod', cast('cumprod', t, widened(t.dtype)), options)
}

/**
 * Running log of the sum of exponentials along one dim, without overflow. Integers give float32.
 * @param options dim, -1 by default
 */
export function logcumsumexp(x: TensorLike, options: ScanOptions = {}): Tensor {
  const { dim = -1 } = optionsOf('logcumsumexp', options)
  const t = toFloat('logcumsumexp', asTensor('logcumsumexp', 'x', x))
  return cumulate('logcumsumexp', 'logsumexp', t, { dim })
}

function extremes(op: string, f: ScanName, x: TensorLike, options: ScanOptions): ValuesAndIndices {
  const { dim = -1 } = optionsOf(op, options)
  const t = asTensor(op, 'x', x)
  const d = normalizeDim(op, dim, t.shape.length)
  const indices = scan(op, f, t, d)
  return { values: gatherAlong(op, t, d, indices), indices }
}

/**
 * Running maximum along one dim, with the first index among ties; from the first NaN on it is NaN.
 * @param options dim, -1 by default
 */
export const cummax = (x: TensorLike, options: ScanOptions = {}): ValuesAndIndices =>
  extremes('cummax', 'argmax', x, options)

/**
 * Running minimum along one dim, with the first index among ties; from the first NaN on it is NaN.
 * @param options dim, -1 by default
 */
export const cummin = (x: TensorLike, options: ScanOptions = {}): ValuesAndIndices =>
  extremes('cummin', 'argmin', x, options)

/**
 * Differences of neighbours along one dim, which becomes shorter by one (empty stays empty).
 * @param options dim, -1 by default
 * @throws {SurprisalError} `dtype` for bools, which have no difference
 */
export function diff(x: TensorLike, options: ScanOptions = {}): Tensor {
  const { dim = -1 } = optionsOf('diff', options)
  const t = asTensor('diff', 'x', x)
  if (t.dtype === 'bool') throw new SurprisalError('dtype', 'diff: expected a numeric dtype, got bool')
  const d = normalizeDim('diff', dim, t.shape.length)
  const length = Math.max(0, t.shape[d] - 1)
  const start = t.shape[d] - length
  return binary('diff', 'sub', sliceView('diff', t, d, start, length), sliceView('diff', t, d, 0, length))
}
