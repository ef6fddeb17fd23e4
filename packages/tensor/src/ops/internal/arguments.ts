import { type DType, dtypes, integerRange, isInteger, roundToHalf } from '../../dtype.ts'
import { SurprisalError } from '../../error.ts'
import { asTensor, describe, isOptions } from '../../operand.ts'
import { cast } from '../../primitive.ts'
import { type Shape, shapeText } from '../../shape.ts'
import type { Tensor, TensorLike } from '../../tensor.ts'

/** What an argument was, for a message. */
export const got = (value: unknown): string =>
  typeof value === 'number' || value === undefined ? String(value) : describe(value)

/** Throws unless `value` is an integer of at least `least`. */
export function requireInteger(op: string, name: string, value: number, least = 0): void {
  if (!Number.isInteger(value) || value < least)
    throw new SurprisalError('argument', `${op}: ${name} must be an integer of at least ${least}, got ${got(value)}`)
}

export function requireFinite(op: string, name: string, value: number): void {
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new SurprisalError('argument', `${op}: ${name} must be a finite number, got ${got(value)}`)
}

export function requireDType(op: string, dtype: DType): void {
  if (!dtypes.includes(dtype))
    throw new SurprisalError('dtype', `${op}: dtype must be one of ${dtypes.join(', ')}, got ${String(dtype)}`)
}

/** Throws unless `shape` has `rank` dims. */
export function requireRank(op: string, name: string, shape: Shape, rank: number): void {
  if (shape.length !== rank)
    throw new SurprisalError('shape', `${op}: ${name} must have rank ${rank}, got shape ${shapeText(shape)}`)
}

/** An index argument as int32. */
export function indexTensor(op: string, index: TensorLike): Tensor {
  const x = asTensor(op, 'index', index)
  if (x.dtype !== 'int32' && x.dtype !== 'uint8')
    throw new SurprisalError('dtype', `${op}: index must be int32, got ${x.dtype}`)
  return cast(op, x, 'int32')
}

export function indexError(op: string, index: number, dim: number, size: number): SurprisalError {
  return new SurprisalError('index', `${op}: index ${index} is out of range for dim ${dim} with size ${size}`)
}

/** A number or a list of numbers, as a list. */
export function numberList(op: string, name: string, x: number | readonly number[]): readonly number[] {
  if (typeof x === 'number') return [x]
  if (!Array.isArray(x) || x.some(entry => typeof entry !== 'number'))
    throw new SurprisalError('argument', `${op}: ${name} must be a number or a list of numbers, got ${got(x)}`)
  return x
}

/** `shape` with one dim replaced by others. */
export const replaceDim = (shape: Shape, dim: number, ...sizes: number[]): number[] => [
  ...shape.slice(0, dim),
  ...sizes,
  ...shape.slice(dim + 1),
]

/** Product of the dims in `shape[from..to)`. */
export const sizeBetween = (shape: Shape, from: number, to: number): number =>
  shape.slice(from, to).reduce((size, dim) => size * dim, 1)

/** Tensors given one by one or as one list, and the options after them. */
export function variadic<Options extends object>(op: string, args: readonly unknown[]): [Tensor[], Options] {
  const last = args[args.length - 1]
  const options = isOptions(last) ? (last as Options) : ({} as Options)
  const given = isOptions(last) ? args.slice(0, -1) : args
  const list = given.length === 1 && Array.isArray(given[0]) ? (given[0] as unknown[]) : given
  if (list.length === 0) throw new SurprisalError('argument', `${op}: expected at least one tensor`)
  return [list.map((x, i) => asTensor(op, `input ${i}`, x as TensorLike)), options]
}

/** Sums and products of 8-bit integers and bools are int32. */
export const widened = (dtype: DType): DType => (isInteger(dtype) || dtype === 'bool' ? 'int32' : dtype)

/** A number as an element of `dtype`, by the rules of `cast` from float. */
export function elementOf(value: number | boolean, dtype: DType): number {
  const x = Number(value)
  if (dtype === 'float32') return Math.fround(x)
  if (dtype === 'float16') return roundToHalf(x)
  if (dtype === 'bool') return x === 0 ? 0 : 1
  const [low, high] = integerRange[dtype]
  return Number.isNaN(x) ? 0 : Math.min(high, Math.max(low, Math.trunc(x)))
}
