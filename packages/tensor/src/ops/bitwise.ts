import type { BinaryName } from '../graph/node.ts'
import { asTensor, promotePair } from '../operand.ts'
import { binary, unary } from '../primitive.ts'
import type { Operand, Tensor, TensorLike } from '../tensor.ts'
import { expectInteger, expectIntegerOrBool } from './internal/checks.ts'

function bitwise(f: BinaryName, onBool: BinaryName, a: Operand, b: Operand): Tensor {
  const [x, y] = promotePair(f, a, b)
  expectIntegerOrBool(f, x)
  return binary(f, x.dtype === 'bool' ? onBool : f, x, y)
}

function shift(f: BinaryName, a: Operand, b: Operand): Tensor {
  const [x, y] = promotePair(f, a, b)
  return binary(f, f, expectInteger(f, x), y)
}

/**
 * Bitwise "and".
 *
 * @param a integer or bool tensor, or number; broadcast with `b` and promoted to the larger dtype
 * @param b integer or bool tensor, or number
 * @throws {SurprisalError} `dtype` for floats
 */
export function bitwiseAnd(a: Operand, b: Operand): Tensor {
  return bitwise('bitwiseAnd', 'logicalAnd', a, b)
}

/**
 * Bitwise "or".
 *
 * @param a integer or bool tensor, or number; broadcast with `b` and promoted to the larger dtype
 * @param b integer or bool tensor, or number
 * @throws {SurprisalError} `dtype` for floats
 */
export function bitwiseOr(a: Operand, b: Operand): Tensor {
  return bitwise('bitwiseOr', 'logicalOr', a, b)
}

/**
 * Bitwise "exclusive or".
 *
 * @param a integer or bool tensor, or number; broadcast with `b` and promoted to the larger dtype
 * @param b integer or bool tensor, or number
 * @throws {SurprisalError} `dtype` for floats
 */
export function bitwiseXor(a: Operand, b: Operand): Tensor {
  return bitwise('bitwiseXor', 'logicalXor', a, b)
}

/**
 * Every bit inverted; "not" of a bool.
 *
 * @param x integer or bool tensor of any shape
 * @throws {SurprisalError} `dtype` for floats
 */
export function bitwiseNot(x: TensorLike): Tensor {
  const y = expectIntegerOrBool('bitwiseNot', asTensor('bitwiseNot', 'x', x))
  return unary('bitwiseNot', y.dtype === 'bool' ? 'logicalNot' : 'bitwiseNot', y)
}

/**
 * Bits moved up, zeros coming in. Counts are read as unsigned; one of the dtype's width or more gives 0.
 *
 * @param a integer tensor or number, broadcast with `b` and promoted to the larger dtype
 * @param b counts: integer tensor or number
 * @throws {SurprisalError} `dtype` for floats and bools
 */
export function shiftLeft(a: Operand, b: Operand): Tensor {
  return shift('shiftLeft', a, b)
}

/**
 * Bits moved down, arithmetic on signed dtypes. Counts are read as unsigned; one of the dtype's width or more gives 0,
 * or -1 of a negative number.
 *
 * @param a integer tensor or number, broadcast with `b` and promoted to the larger dtype
 * @param b counts: integer tensor or number
 * @throws {SurprisalError} `dtype` for floats and bools
 */
export function shiftRight(a: Operand, b: Operand): Tensor {
  return shift('shiftRight', a, b)
}
