import { asTensor, promotePair } from '../operand.ts'
import { binary, cast, sameValue, unary } from '../primitive.ts'
import type { Operand, Tensor, TensorLike } from '../tensor.ts'
import { expectNumeric } from './internal/checks.ts'
import { binaryOrLogical, floatBinary, floatUnary } from './internal/pointwise.ts'

/**
 * `a + b`. Integers wrap; of two bools it is "or".
 *
 * @param a tensor or number, broadcast with `b` and promoted to the larger dtype
 * @param b tensor or number
 * @throws {SurprisalError} `shape` when the shapes cannot be broadcast, `dtype` for a number that does not fit
 */
export function add(a: Operand, b: Operand): Tensor {
  return binaryOrLogical('add', 'logicalOr', a, b)
}

/**
 * `a - b`. Integers wrap.
 *
 * @param a tensor or number, broadcast with `b` and promoted to the larger dtype
 * @param b tensor or number
 * @throws {SurprisalError} `dtype` for two bools
 */
export function sub(a: Operand, b: Operand): Tensor {
  const [x, y] = promotePair('sub', a, b)
  return binary('sub', 'sub', expectNumeric('sub', x), y)
}

/**
 * `a * b`. Integers wrap; of two bools it is "and".
 *
 * @param a tensor or number, broadcast with `b` and promoted to the larger dtype
 * @param b tensor or number
 */
export function mul(a: Operand, b: Operand): Tensor {
  return binaryOrLogical('mul', 'logicalAnd', a, b)
}

/**
 * `a / b`, the true quotient of IEEE arithmetic: integers and bools give float32.
 *
 * @param a tensor or number, broadcast with `b`
 * @param b tensor or number
 */
export function div(a: Operand, b: Operand): Tensor {
  return floatBinary('div', a, b)
}

/**
 * `-x`. Integers wrap.
 *
 * @param x any shape
 * @throws {SurprisalError} `dtype` for bool
 */
export function neg(x: TensorLike): Tensor {
  return unary('neg', 'neg', expectNumeric('neg', asTensor('neg', 'x', x)))
}

/**
 * `|x|`, of x's dtype; the least integer of a signed dtype is its own absolute value. Derivative 0 at 0.
 *
 * @param x any shape; bool is returned unchanged
 */
export function abs(x: TensorLike): Tensor {
  const y = asTensor('abs', 'x', x)
  return y.dtype === 'bool' ? sameValue('abs', y) : unary('abs', 'abs', y)
}

/**
 * -1, 0 or 1 by the sign of x, of x's dtype; NaN stays NaN and a zero keeps its sign. Derivative 0.
 *
 * @param x any shape; bool is returned unchanged
 */
export function sign(x: TensorLike): Tensor {
  const y = asTensor('sign', 'x', x)
  return y.dtype === 'bool' ? sameValue('sign', y) : unary('sign', 'sign', y)
}

/**
 * `x * x`. Integers wrap.
 *
 * @param x any shape; bool is returned unchanged
 */
export function square(x: TensorLike): Tensor {
  const y = asTensor('square', 'x', x)
  return y.dtype === 'bool' ? sameValue('square', y) : binary('square', 'mul', y, y)
}

/**
 * `1 / x`; integers and bools give float32.
 *
 * @param x any shape
 */
export function reciprocal(x: TensorLike): Tensor {
  return floatUnary('reciprocal', x)
}

/**
 * `a + weight * (b - a)`.
 *
 * @param a tensor or number
 * @param b tensor or number
 * @param weight tensor or number; all three are broadcast and promoted
 * @throws {SurprisalError} `dtype` when all are bools
 */
export function lerp(a: Operand, b: Operand, weight: Operand): Tensor {
  const [first, second] = promotePair('lerp', a, b)
  const [start, w] = promotePair('lerp', first, weight)
  const dtype = expectNumeric('lerp', start).dtype === 'float16' ? 'float32' : start.dtype
  const [x, y, t] = [start, second, w].map(part => cast('lerp', part, dtype))
  return cast('lerp', binary('lerp', 'add', x, binary('lerp', 'mul', t, binary('lerp', 'sub', y, x))), start.dtype)
}
