import type { Tensor, TensorLike } from '../tensor.ts'
import { floatUnary } from './internal/pointwise.ts'

/**
 * Error function, `2 / sqrt(pi) * integral of exp(-t^2) from 0 to x`. Integers and bools give float32.
 *
 * @param x any shape
 */
export function erf(x: TensorLike): Tensor {
  return floatUnary('erf', x)
}

/**
 * Complementary error function `1 - erf(x)`, precise in its right tail. Integers and bools give float32.
 *
 * @param x any shape
 */
export function erfc(x: TensorLike): Tensor {
  return floatUnary('erfc', x)
}

/**
 * Inverse of the error function: `erf(erfinv(x)) = x`. ±Infinity at ±1, NaN beyond. Integers and bools give float32.
 *
 * @param x any shape
 */
export function erfinv(x: TensorLike): Tensor {
  return floatUnary('erfinv', x)
}
