import { checkDevice, placeOf } from '../device.ts'
import { type DType, hostArray, integerRange } from '../dtype.ts'
import { SurprisalError } from '../error.ts'
import { asTensor, isOptions } from '../operand.ts'
import { binary, cast, make } from '../primitive.ts'
import { checkShape, type Shape } from '../shape.ts'
import { type Device, leaf, nodeOf, type Tensor, type TensorLike } from '../tensor.ts'
import { elementOf, got, requireDType, requireFinite, requireInteger } from './internal/arguments.ts'
import { optionsOf } from './internal/checks.ts'
import { reshapeView, spread } from './internal/views.ts'

/** Options of the functions that make tensors. */
export interface CreationOptions {
  /** Element type. The default stands at each function. */
  dtype?: DType
  /** Where values are computed. @default the default device; what is made of no data adapts to what it meets */
  device?: Device
}

/** Throws unless dtype and device, where given, exist. */
export function checkCreation(op: string, options: CreationOptions): void {
  const { dtype, device } = optionsOf(op, options)
  if (dtype !== undefined) requireDType(op, dtype)
  if (device !== undefined) checkDevice(op, device)
}

/** A tensor that was made just now, bound to the device of the options if they name one. */
function placed(op: string, x: Tensor, { device }: CreationOptions): Tensor {
  if (device !== undefined) nodeOf(x, op).place = placeOf(device)
  return x
}

/** One value in every place, in the dtype of the options or else `usual`. */
function filled(op: string, shape: Shape, value: number | boolean, usual: DType, options: CreationOptions): Tensor {
  checkShape(op, shape)
  checkCreation(op, options)
  const { dtype = usual } = options
  return placed(op, spread(op, elementOf(value, dtype), dtype, [...shape]), options)
}

/**
 * A tensor of zeros.
 * @param options dtype, float32 by default
 * @throws {SurprisalError} `shape` for an impossible shape
 */
export const zeros = (shape: Shape, options: CreationOptions = {}): Tensor =>
  filled('zeros', shape, 0, 'float32', options)

/** A tensor of ones; as {@link zeros}. */
export const ones = (shape: Shape, options: CreationOptions = {}): Tensor =>
  filled('ones', shape, 1, 'float32', options)

/**
 * A tensor of one value.
 * @param options dtype, by default bool for a boolean and float32 for a number
 */
export function full(shape: Shape, value: number | boolean, options: CreationOptions = {}): Tensor {
  requireScalar('full', value)
  return filled('full', shape, value, typeof value === 'boolean' ? 'bool' : 'float32', options)
}

/** Zeros of the shape and (unless given) the dtype of `x`. */
export function zerosLike(x: TensorLike, options: CreationOptions = {}): Tensor {
  const { shape, dtype } = asTensor('zerosLike', 'x', x)
  return filled('zerosLike', shape, 0, dtype, options)
}

/** Ones of the shape and (unless given) the dtype of `x`. */
export function onesLike(x: TensorLike, options: CreationOptions = {}): Tensor {
  const { shape, dtype } = asTensor('onesLike', 'x', x)
  return filled('onesLike', shape, 1, dtype, options)
}

/** One value in the shape and (unless given) the dtype of `x`, to which it is cast. */
export function fullLike(x: TensorLike, value: number | boolean, options: CreationOptions = {}): Tensor {
  const { shape, dtype } = asTensor('fullLike', 'x', x)
  requireScalar('fullLike', value)
  return filled('fullLike', shape, value, dtype, options)
}

function requireScalar(op: string, value: number | boolean): void {
  if (typeof value !== 'number' && typeof value !== 'boolean')
    throw new SurprisalError('argument', `${op}: value must be a number or boolean, got ${got(value)}`)
}

/** `start, start + step, ...` of `size` elements, computed in float64 and rounded once. */
export function iota(op: string, size: number, dtype: DType = 'int32', start = 0, step = 1): Tensor {
  checkShape(op, [size])
  return make(op, { kind: 'iota', start, step }, dtype, [size], [])
}

/**
 * The identity matrix `[n, m]`: ones where row and column are equal.
 * @param m columns, as many as rows by default
 * @param options dtype, float32 by default
 */
export function eye(n: number, m?: number | null | CreationOptions, options: CreationOptions = {}): Tensor {
  const given = isOptions(m) ? m : options
  const columns = m === undefined || m === null || isOptions(m) ? n : (m as number)
  requireInteger('eye', 'n', n)
  requireInteger('eye', 'm', columns)
  checkShape('eye', [n, columns])
  checkCreation('eye', given)
  const { dtype = 'float32' }: CreationOptions = given
  const onDiagonal = binary('eye', 'equal', reshapeView('eye', iota('eye', n), [n, 1]), iota('eye', columns))
  return placed('eye', cast('eye', onDiagonal, dtype), given)
}

/**
 * Evenly spaced numbers `start + i * step` up to `end`, which is excluded: `arange(end)`, `arange(start, end)` or
 * `arange(start, end, step)`.
 * @param options dtype, by default int32 where all three numbers are integers and float32 elsewhere
 * @throws {SurprisalError} `argument` when step is 0 or a number is not finite
 */
export function arange(...args: (number | null | undefined | CreationOptions)[]): Tensor {
  const options = (args.find(isOptions) ?? {}) as CreationOptions
  const numbers = args.filter(arg => arg !== null && arg !== undefined && !isOptions(arg)) as number[]
  const [start, end, step = 1] = numbers.length === 1 ? [0, numbers[0]] : numbers
  requireFinite('arange', 'start', start)
  requireFinite('arange', 'end', end)
  requireFinite('arange', 'step', step)
  if (step === 0) throw new SurprisalError('argument', 'arange: step must not be 0')
  checkCreation('arange', options)
  const size = Math.max(0, Math.ceil((end - start) / step))
  const whole = [start, end, step].every(Number.isInteger)
  const { dtype = whole ? 'int32' : 'float32' } = options
  const last = start + (size - 1) * step
  if (size > 0 && dtype === 'int32') for (const value of [start, last]) requireInt32('arange', Math.trunc(value))
  const exact = whole && Math.max(Math.abs(start), Math.abs(last)) <= integerRange.int32[1]
  const wide = dtype === 'float32' || dtype === 'float16' || !exact ? 'float32' : 'int32'
  return placed('arange', cast('arange', iota('arange', size, wide, start, step), dtype), options)
}

function requireInt32(op: string, value: number): void {
  const [low, high] = integerRange.int32
  if (value < low || value > high) throw new SurprisalError('dtype', `${op}: ${value} does not fit int32`)
}

/**
 * `steps` numbers from `start` to `end`, both included and exact; each is computed in float64 from the nearer end.
 * @param options dtype, float32 by default
 */
export function linspace(start: number, end: number, steps: number, options: CreationOptions = {}): Tensor {
  requireFinite('linspace', 'start', start)
  requireFinite('linspace', 'end', end)
  requireInteger('linspace', 'steps', steps)
  checkShape('linspace', [steps])
  checkCreation('linspace', options)
  const { dtype = 'float32' } = options
  const data = hostArray(dtype, steps)
  const step = steps > 1 ? (end - start) / (steps - 1) : 0
  for (let i = 0; i < steps; i++) {
    const back = steps - 1 - i
    data[i] = elementOf(i <= back ? start + i * step : end - back * step, dtype)
  }
  if (steps > 0) data[0] = elementOf(start, dtype)
  if (steps > 1) data[steps - 1] = elementOf(end, dtype)
  return leaf('linspace', data, dtype, [steps], options.device)
}
