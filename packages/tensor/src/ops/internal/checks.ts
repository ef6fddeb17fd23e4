import type { DType } from '../../dtype.ts'
import { isFloat, isInteger } from '../../dtype.ts'
import { SurprisalError } from '../../error.ts'
import { isOptions } from '../../operand.ts'
import type { Tensor } from '../../tensor.ts'
import { got } from './arguments.ts'

/** The trailing options of an op; a bare number or list in their place is a mistake worth a message. */
export function optionsOf<T extends object>(op: string, options: T | undefined): Partial<T> {
  if (options === undefined) return {}
  if (!isOptions(options)) throw new SurprisalError('argument', `${op}: options must be an object, got ${got(options)}`)
  return options
}

/** A number among the options, not NaN; `fallback` when it is omitted. */
export function numberOption(op: string, name: string, value: number | undefined, fallback: number): number {
  if (value === undefined) return fallback
  if (typeof value !== 'number' || Number.isNaN(value))
    throw new SurprisalError('argument', `${op}: ${name} must be a number, got ${got(value)}`)
  return value
}

/** A number that something is divided by. */
export function divisorOption(op: string, name: string, value: number | undefined, fallback: number): number {
  const number = numberOption(op, name, value, fallback)
  if (number === 0 || !Number.isFinite(number))
    throw new SurprisalError('argument', `${op}: ${name} must be a finite number other than 0, got ${number}`)
  return number
}

const mismatch = (op: string, expected: string, dtype: DType) =>
  new SurprisalError('dtype', `${op}: expected ${expected} dtype, got ${dtype}`)

export function expectFloat(op: string, x: Tensor): Tensor {
  if (!isFloat(x.dtype)) throw mismatch(op, 'a float', x.dtype)
  return x
}

export function expectNumeric(op: string, x: Tensor): Tensor {
  if (x.dtype === 'bool') throw mismatch(op, 'a numeric', x.dtype)
  return x
}

export function expectInteger(op: string, x: Tensor): Tensor {
  if (!isInteger(x.dtype)) throw mismatch(op, 'an integer', x.dtype)
  return x
}

export function expectIntegerOrBool(op: string, x: Tensor): Tensor {
  if (isFloat(x.dtype)) throw mismatch(op, 'an integer or bool', x.dtype)
  return x
}
