import { isFloat } from '../dtype.ts'
import { SurprisalError } from '../error.ts'
import { asTensor, toFloat } from '../operand.ts'
import {
  binary,
  concatenate,
  gatherAlong,
  inFloat32,
  orderAlong,
  permuteDims,
  reshapeTo,
  unary,
  view,
} from '../primitive.ts'
import { contiguousStrides } from '../shape.ts'
import type { Tensor, TensorLike } from '../tensor.ts'
import { lerp } from './arithmetic.ts'
import { expectElements, type ReduceOptions, type Reduction, reductionOf } from './internal/reduction.ts'
import { where } from './selection.ts'

/** The reduced dims made one last dim and sorted along it, NaN at the end. */
function sortedRows(op: string, x: Tensor, { dims, count }: Reduction): Tensor {
  const others = [...x.shape.keys()].filter(d => !dims.includes(d))
  const moved = permuteDims(op, x, [...others, ...dims])
  const rows = reshapeTo(op, moved, [...others.map(d => x.shape[d]), count])
  return gatherAlong(op, rows, others.length, orderAlong(op, rows, others.length, false))
}

/** Element `i` of every row. */
function entry(op: string, rows: Tensor, i: number): Tensor {
  const shape = rows.shape.slice(0, -1)
  return view(op, rows, { shape, strides: contiguousStrides(rows.shape).slice(0, -1), offset: i, guard: null })
}

/** `value`, or NaN where the row holds one. */
function orMissing(op: string, rows: Tensor, value: Tensor): Tensor {
  const last = entry(op, rows, rows.shape[rows.ndim - 1] - 1)
  return where(unary(op, 'isnan', last), last, value)
}

/**
 * The middle element over dims in ascending order, the lower one of two; NaN if any is NaN. The gradient goes to the
 * selected element.
 *
 * @param x any shape and dtype, kept
 * @param options `dim` (all), `keepdim` (false)
 * @throws {SurprisalError} `shape` for an empty dim
 */
export function median(x: TensorLike, options?: ReduceOptions): Tensor {
  const y = asTensor('median', 'x', x)
  const reduction = reductionOf('median', y, options)
  expectElements('median', reduction)
  const rows = sortedRows('median', y, reduction)
  const middle = entry('median', rows, (reduction.count - 1) >> 1)
  return reshapeTo('median', isFloat(y.dtype) ? orMissing('median', rows, middle) : middle, reduction.shape)
}

/**
 * The element at place `q * (n - 1)` over dims in ascending order, interpolated linearly between its neighbours; NaN if
 * any is NaN. Integers and bools give float32.
 *
 * @param x any shape
 * @param q a number in [0, 1], or a list of them, which puts a dim of its length first
 * @param options `dim` (all), `keepdim` (false)
 * @throws {SurprisalError} `argument` for a q outside of [0, 1] or an empty list, `shape` for an empty dim
 */
export function quantile(x: TensorLike, q: number | readonly number[], options?: ReduceOptions): Tensor {
  const op = 'quantile'
  const places = Array.isArray(q) ? (q as readonly number[]) : [q as number]
  for (const place of places)
    if (!(typeof place === 'number' && place >= 0 && place <= 1))
      throw new SurprisalError('argument', `${op}: q must be in [0, 1], got ${String(place)}`)
  if (places.length === 0) throw new SurprisalError('argument', `${op}: q must not be an empty list`)
  const y = toFloat(op, asTensor(op, 'x', x))
  const reduction = reductionOf(op, y, options)
  expectElements(op, reduction)
  return inFloat32(op, y, z => {
    const rows = sortedRows(op, z, reduction)
    const parts = places.map(place => reshapeTo(op, interpolated(rows, place * (reduction.count - 1)), reduction.shape))
    if (!Array.isArray(q)) return parts[0]
    return concatenate(
      op,
      parts.map(part => reshapeTo(op, part, [1, ...reduction.shape])),
      0,
    )
  })
}

function interpolated(rows: Tensor, at: number): Tensor {
  const below = Math.floor(at)
  const low = entry('quantile', rows, below)
  if (at === below) return orMissing('quantile', rows, low)
  const high = entry('quantile', rows, below + 1)
  // From an infinity there is no distance to interpolate over: the sum is that infinity, or NaN between the two.
  const endless = unary('quantile', 'isinf', low)
  const between = where(endless, binary('quantile', 'add', low, high), lerp(low, high, at - below))
  return orMissing('quantile', rows, between)
}
