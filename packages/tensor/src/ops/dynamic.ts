import { SurprisalError } from '../error.ts'
import { asTensor, toFloat } from '../operand.ts'
import { broadcastTo, cast, orderAlong, scatterAlong, takeSlices } from '../primitive.ts'
import { broadcastShapes, contiguousStrides, sameShape, shapeText } from '../shape.ts'
import { leaf, type Tensor, type TensorLike } from '../tensor.ts'
import { requireInteger } from './internal/arguments.ts'
import { optionsOf } from './internal/checks.ts'
import { indexLeaf, reshapeView, spread } from './internal/views.ts'

/*
 * Ops whose shape depends on values: they read their input and therefore return promises. What they return is
 * built on the input's graph wherever a gradient can flow.
 */

/** Row-major positions of the elements that are not 0. */
async function truePositions(x: Tensor): Promise<number[]> {
  const data = await x.data()
  const positions: number[] = []
  for (let i = 0; i < data.length; i++) if (data[i] !== 0) positions.push(i)
  return positions
}

/**
 * The coordinates of the elements that are not 0 (of NaN too), in row-major order.
 * @returns int32 `[n, rank]`
 */
export async function nonzero(x: TensorLike): Promise<Tensor> {
  const t = asTensor('nonzero', 'x', x)
  const strides = contiguousStrides(t.shape)
  const positions = await truePositions(t)
  const rank = t.shape.length
  const coordinates = new Int32Array(positions.length * rank)
  positions.forEach((position, row) => {
    strides.forEach((stride, d) => {
      coordinates[row * rank + d] = Math.floor(position / stride) % t.shape[d]
    })
  })
  return leaf('nonzero', coordinates, 'int32', [positions.length, rank])
}

/**
 * The elements where a mask holds, as a vector in row-major order.
 * @param mask bool (or `mask != 0`), broadcast with x
 */
export async function maskedSelect(x: TensorLike, mask: TensorLike): Promise<Tensor> {
  const t = asTensor('maskedSelect', 'x', x)
  const m = asTensor('maskedSelect', 'mask', mask)
  const shape = broadcastShapes('maskedSelect', t.shape, m.shape)
  const positions = await truePositions(broadcastTo('maskedSelect', m, shape))
  const whole = broadcastTo('maskedSelect', t, shape)
  return takeSlices(
    'maskedSelect',
    reshapeView('maskedSelect', whole, [whole.size]),
    0,
    indexLeaf('maskedSelect', positions),
  )
}

/** Options of {@link unique}. */
export interface UniqueOptions {
  /** Give for each element of x the index of its value. @default false */
  returnInverse?: boolean
  /** Give for each value how often it occurs. @default false */
  returnCounts?: boolean
}

/** What {@link unique} gives with an option. */
export interface UniqueResult {
  values: Tensor
  /** int32, shaped like x. */
  inverse?: Tensor
  /** int32, as long as values. */
  counts?: Tensor
}

/**
 * The different values of the flattened tensor, ascending; NaNs stand last and all count as different, `-0` and `0`
 * as equal.
 * @param options with one of them the result is an object
 */
export function unique(x: TensorLike, options?: { returnInverse?: false; returnCounts?: false }): Promise<Tensor>
export function unique(x: TensorLike, options: UniqueOptions): Promise<UniqueResult>
export async function unique(x: TensorLike, options: UniqueOptions = {}): Promise<Tensor | UniqueResult> {
  const { returnInverse = false, returnCounts = false } = optionsOf('unique', options)
  const t = asTensor('unique', 'x', x)
  const flat = reshapeView('unique', t, [t.size])
  const [data, order] = await Promise.all([flat.data(), orderAlong('unique', flat, 0, false).data()])
  const inverse = new Int32Array(t.size)
  const firsts: number[] = []
  const counts: number[] = []
  order.forEach((position, i) => {
    if (i === 0 || data[position] !== data[order[i - 1]]) {
      firsts.push(position)
      counts.push(0)
    }
    counts[counts.length - 1] += 1
    inverse[position] = counts.length - 1
  })
  const values = takeSlices('unique', flat, 0, indexLeaf('unique', firsts))
  if (!returnInverse && !returnCounts) return values
  const result: UniqueResult = { values }
  if (returnInverse) result.inverse = leaf('unique', inverse, 'int32', t.shape)
  if (returnCounts) result.counts = indexLeaf('unique', counts)
  return result
}

/** Options of {@link bincount}. */
export interface BincountOptions {
  /** Length of the result at least. @default 0 */
  minLength?: number
  /** What each element counts for, of the shape of x; the result is float32 then. */
  weights?: TensorLike | null
}

/**
 * How often each number 0, 1, 2, ... occurs.
 * @param x int32, uint8 or int8, of any shape, not negative
 * @returns vector of length `max(max(x) + 1, minLength)`: int32, or float32 with weights
 * @throws {SurprisalError} `index` for a negative element
 */
export async function bincount(x: TensorLike, options: BincountOptions = {}): Promise<Tensor> {
  const { minLength = 0, weights } = optionsOf('bincount', options)
  const t = asTensor('bincount', 'x', x)
  if (t.dtype === 'float32' || t.dtype === 'float16' || t.dtype === 'bool')
    throw new SurprisalError('dtype', `bincount: x must be int32, got ${t.dtype}`)
  requireInteger('bincount', 'minLength', minLength)
  const w = weights ? toFloat('bincount', asTensor('bincount', 'weights', weights)) : null
  if (w && !sameShape(w.shape, t.shape))
    throw new SurprisalError(
      'shape',
      `bincount: weights must have shape ${shapeText(t.shape)}, got ${shapeText(w.shape)}`,
    )
  let length = minLength
  for (const value of await t.data()) {
    if (value < 0) throw new SurprisalError('index', `bincount: x must not be negative, got ${value}`)
    length = Math.max(length, value + 1)
  }
  const dtype = w ? 'float32' : 'int32'
  const each = w
    ? reshapeView('bincount', cast('bincount', w, dtype), [t.size])
    : spread('bincount', 1, dtype, [t.size])
  const index = reshapeView('bincount', cast('bincount', t, 'int32'), [t.size])
  return scatterAlong('bincount', 'add', spread('bincount', 0, dtype, [length]), 0, index, each)
}
