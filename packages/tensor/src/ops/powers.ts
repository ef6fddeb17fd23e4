import type { Operand, Tensor, TensorLike } from '../tensor.ts'
import { floatBinary, floatUnary, numericBinary } from './internal/pointwise.ts'

/**
 * `a ^ b`. Of two integers it wraps, and a negative exponent gives 1 for 1, ±1 for -1 and 0 otherwise.
 * The derivative by `a` is 0 where b = 0; the one by `b` is 0 where a = 0 and b >= 0.
 *
 * @param a tensor or number, broadcast with `b`; two bools give int32
 * @param b tensor or number
 */
export function pow(a: Operand, b: Operand): Tensor {
  return numericBinary('pow', a, b)
}

/**
 * Square root; NaN for negative numbers, derivative +Infinity at 0. Integers and bools give float32.
 *
 * @param x any shape
 */
export function sqrt(x: TensorLike): Tensor {
  return floatUnary('sqrt', x)
}

/**
 * `1 / sqrt(x)`. Integers and bools give float32.
 *
 * @param x any shape
 */
export function rsqrt(x: TensorLike): Tensor {
  return floatUnary('rsqrt', x)
}

/**
 * `sqrt(a^2 + b^2)` without overflow in between; derivative 0 where both are 0. Integers and bools give float32.
 *
 * @param a tensor or number, broadcast with `b`
 * @param b tensor or number
 */
export function hypot(a: Operand, b: Operand): Tensor {
  return floatBinary('hypot', a, b)
}
