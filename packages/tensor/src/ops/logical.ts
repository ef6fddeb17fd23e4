import type { BinaryName, UnaryName } from '../graph/node.ts'
import { asTensor, toFloat } from '../operand.ts'
import { binary, cast, constant, unary } from '../primitive.ts'
import type { Operand, Tensor, TensorLike } from '../tensor.ts'

function truth(op: string, name: string, x: Operand): Tensor {
  if (typeof x === 'boolean' || typeof x === 'number') return constant(op, x === 0 || x === false ? 0 : 1, 'bool')
  return cast(op, asTensor(op, name, x), 'bool')
}

function logical(f: BinaryName, a: Operand, b: Operand): Tensor {
  return binary(f, f, truth(f, 'a', a), truth(f, 'b', b))
}

function classify(f: UnaryName, x: TensorLike): Tensor {
  return unary(f, f, toFloat(f, asTensor(f, 'x', x)))
}

/**
 * Whether both are non-zero (NaN counts as non-zero), as bool.
 *
 * @param a tensor of any dtype or number, broadcast with `b`
 * @param b tensor of any dtype or number
 */
export function logicalAnd(a: Operand, b: Operand): Tensor {
  return logical('logicalAnd', a, b)
}

/**
 * Whether at least one is non-zero, as bool.
 *
 * @param a tensor of any dtype or number, broadcast with `b`
 * @param b tensor of any dtype or number
 */
export function logicalOr(a: Operand, b: Operand): Tensor {
  return logical('logicalOr', a, b)
}

/**
 * Whether exactly one is non-zero, as bool.
 *
 * @param a tensor of any dtype or number, broadcast with `b`
 * @param b tensor of any dtype or number
 */
export function logicalXor(a: Operand, b: Operand): Tensor {
  return logical('logicalXor', a, b)
}

/**
 * Whether x is zero, as bool.
 *
 * @param x any shape and dtype
 */
export function logicalNot(x: TensorLike): Tensor {
  return unary('logicalNot', 'logicalNot', truth('logicalNot', 'x', x))
}

/**
 * Whether x is NaN, as bool; false for integers.
 *
 * @param x any shape and dtype
 */
export function isnan(x: TensorLike): Tensor {
  return classify('isnan', x)
}

/**
 * Whether x is neither NaN nor infinite, as bool; true for integers.
 *
 * @param x any shape and dtype
 */
export function isfinite(x: TensorLike): Tensor {
  return classify('isfinite', x)
}

/**
 * Whether x is +Infinity or -Infinity, as bool; false for integers.
 *
 * @param x any shape and dtype
 */
export function isinf(x: TensorLike): Tensor {
  return classify('isinf', x)
}
