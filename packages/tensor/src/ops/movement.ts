import { SurprisalError } from '../error.ts'
import { asTensor, isOptions } from '../operand.ts'
import { broadcastTo as broadcastView } from '../primitive.ts'
import { checkShape, contiguousStrides, normalizeDim, normalizeDims, type Shape, shapeText } from '../shape.ts'
import type { Tensor, TensorLike } from '../tensor.ts'
import { got, numberList } from './internal/arguments.ts'
import { joinViews, permuteView, reshapeView, sameView, sliceView, stridedView } from './internal/views.ts'

/** Exchanges two dims. */
export function transpose(x: TensorLike, dim0: number, dim1: number): Tensor {
  const t = asTensor('transpose', 'x', x)
  const a = normalizeDim('transpose', dim0, t.shape.length)
  const b = normalizeDim('transpose', dim1, t.shape.length)
  return permuteView(
    'transpose',
    t,
    t.shape.map((_, d) => (d === a ? b : d === b ? a : d)),
  )
}

/**
 * Reorders all dims.
 * @param dims the input dim that stands at each place of the result
 * @throws {SurprisalError} `argument` unless each dim is named once
 */
export function permute(x: TensorLike, dims: readonly number[]): Tensor {
  const t = asTensor('permute', 'x', x)
  if (!Array.isArray(dims) || dims.length !== t.shape.length)
    throw new SurprisalError('argument', `permute: dims must name all ${t.shape.length} dims, got ${listText(dims)}`)
  normalizeDims('permute', dims, t.shape.length)
  return permuteView(
    'permute',
    t,
    dims.map(dim => normalizeDim('permute', dim, t.shape.length)),
  )
}

const listText = (list: unknown): string => (Array.isArray(list) ? shapeText(list) : got(list))

/**
 * Moves dims to new places; the others keep their order.
 * @param source number or list
 * @param destination where they stand in the result, as many as in `source`
 */
export function movedim(
  x: TensorLike,
  source: number | readonly number[],
  destination: number | readonly number[],
): Tensor {
  const t = asTensor('movedim', 'x', x)
  const rank = t.shape.length
  const sources = numberList('movedim', 'source', source)
  const targets = numberList('movedim', 'destination', destination)
  if (sources.length !== targets.length)
    throw new SurprisalError(
      'argument',
      `movedim: source and destination must have one length, got ${shapeText(sources)} and ${shapeText(targets)}`,
    )
  for (const dims of [sources, targets]) normalizeDims('movedim', dims, rank)
  const from = sources.map(dim => normalizeDim('movedim', dim, rank))
  const to = targets.map(dim => normalizeDim('movedim', dim, rank))
  const rest = [...t.shape.keys()].filter(d => !from.includes(d))
  const order = t.shape.map((_, d) => (to.includes(d) ? from[to.indexOf(d)] : (rest.shift() as number)))
  return permuteView('movedim', t, order)
}

function expandTo(op: string, x: Tensor, shape: Shape): Tensor {
  checkShape(op, shape)
  const ahead = shape.length - x.shape.length
  if (ahead < 0 || x.shape.some((size, d) => size !== 1 && size !== shape[ahead + d]))
    throw new SurprisalError('shape', `${op}: cannot expand ${shapeText(x.shape)} to ${shapeText(shape)}`)
  return x.shape.length === shape.length && x.shape.every((size, d) => size === shape[d])
    ? sameView(op, x)
    : broadcastView(op, x, [...shape])
}

/**
 * Repeats dims of size 1 without copying.
 * @param shape of the result; -1 keeps a dim, new dims stand in front
 * @throws {SurprisalError} `shape` when a dim is neither 1 nor equal
 */
export function expand(x: TensorLike, shape: Shape): Tensor {
  const t = asTensor('expand', 'x', x)
  if (!Array.isArray(shape)) checkShape('expand', shape)
  const ahead = shape.length - t.shape.length
  const kept = shape.map((size, d) => (size === -1 && d >= ahead ? t.shape[d - ahead] : size))
  return expandTo('expand', t, kept)
}

/** As {@link expand}, without -1. */
export function broadcastTo(x: TensorLike, shape: Shape): Tensor {
  return expandTo('broadcastTo', asTensor('broadcastTo', 'x', x), shape)
}

/**
 * Reverses the order of elements.
 * @param dims a number or a list; all by default
 */
export function flip(x: TensorLike, dims?: number | readonly number[] | null): Tensor {
  const t = asTensor('flip', 'x', x)
  const all = dims === undefined || dims === null || isOptions(dims)
  const chosen = normalizeDims('flip', all ? undefined : numberList('flip', 'dims', dims), t.shape.length)
  const strides = contiguousStrides(t.shape)
  let offset = 0
  for (const d of chosen) {
    offset += (t.shape[d] - 1) * strides[d]
    strides[d] *= -1
  }
  return stridedView('flip', t, t.shape, strides, offset)
}

/**
 * Shifts elements towards higher indices; those that leave at the end come in at the front.
 * @param shifts places, a number or a list as long as `dims`; negatives shift the other way
 * @param dims a number or a list; by default the flattened tensor is rolled, in its shape
 */
export function roll(
  x: TensorLike,
  shifts: number | readonly number[],
  dims?: number | readonly number[] | null,
): Tensor {
  const t = asTensor('roll', 'x', x)
  const amounts = numberList('roll', 'shifts', shifts)
  if (amounts.some(amount => !Number.isInteger(amount)))
    throw new SurprisalError('argument', `roll: shifts must be integers, got ${listText(shifts)}`)
  if (dims === undefined || dims === null || isOptions(dims)) {
    if (amounts.length !== 1)
      throw new SurprisalError('argument', `roll: shifts must be one number without dims, got ${listText(shifts)}`)
    return reshapeView('roll', rollDim(reshapeView('roll', t, [t.size]), 0, amounts[0]), t.shape)
  }
  const list = numberList('roll', 'dims', dims)
  if (list.length !== amounts.length)
    throw new SurprisalError(
      'argument',
      `roll: shifts and dims must have one length, got ${shapeText(amounts)} and ${shapeText(list)}`,
    )
  return list.reduce(
    (y, dim, i) => rollDim(y, normalizeDim('roll', dim, t.shape.length), amounts[i]),
    sameView('roll', t),
  )
}

function rollDim(x: Tensor, dim: number, amount: number): Tensor {
  const size = x.shape[dim]
  if (size === 0) return x
  const cut = ((-amount % size) + size) % size
  return joinViews('roll', [sliceView('roll', x, dim, cut, size - cut), sliceView('roll', x, dim, 0, cut)], dim)
}
