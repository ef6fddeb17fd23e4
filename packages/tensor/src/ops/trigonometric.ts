import type { Operand, Tensor, TensorLike } from '../tensor.ts'
import { floatBinary, floatUnary } from './internal/pointwise.ts'

/**
 * Sine of radians. Integers and bools give float32, here and in every function of this family.
 *
 * @param x any shape
 */
export function sin(x: TensorLike): Tensor {
  return floatUnary('sin', x)
}

/**
 * Cosine of radians.
 *
 * @param x any shape
 */
export function cos(x: TensorLike): Tensor {
  return floatUnary('cos', x)
}

/**
 * Tangent of radians.
 *
 * @param x any shape
 */
export function tan(x: TensorLike): Tensor {
  return floatUnary('tan', x)
}

/**
 * Arc sine in radians; NaN outside of [-1, 1].
 *
 * @param x any shape
 */
export function asin(x: TensorLike): Tensor {
  return floatUnary('asin', x)
}

/**
 * Arc cosine in radians; NaN outside of [-1, 1].
 *
 * @param x any shape
 */
export function acos(x: TensorLike): Tensor {
  return floatUnary('acos', x)
}

/**
 * Arc tangent in radians.
 *
 * @param x any shape
 */
export function atan(x: TensorLike): Tensor {
  return floatUnary('atan', x)
}

/**
 * Hyperbolic sine.
 *
 * @param x any shape
 */
export function sinh(x: TensorLike): Tensor {
  return floatUnary('sinh', x)
}

/**
 * Hyperbolic cosine.
 *
 * @param x any shape
 */
export function cosh(x: TensorLike): Tensor {
  return floatUnary('cosh', x)
}

/**
 * Hyperbolic tangent, never beyond ±1.
 *
 * @param x any shape
 */
export function tanh(x: TensorLike): Tensor {
  return floatUnary('tanh', x)
}

/**
 * Inverse hyperbolic sine.
 *
 * @param x any shape
 */
export function asinh(x: TensorLike): Tensor {
  return floatUnary('asinh', x)
}

/**
 * Inverse hyperbolic cosine; NaN below 1.
 *
 * @param x any shape
 */
export function acosh(x: TensorLike): Tensor {
  return floatUnary('acosh', x)
}

/**
 * Inverse hyperbolic tangent; ±Infinity at ±1, NaN beyond.
 *
 * @param x any shape
 */
export function atanh(x: TensorLike): Tensor {
  return floatUnary('atanh', x)
}

/**
 * The angle of the point (x, y) in (-pi, pi], by the signs of both.
 *
 * @param y tensor or number, broadcast with `x`
 * @param x tensor or number
 */
export function atan2(y: Operand, x: Operand): Tensor {
  return floatBinary('atan2', y, x)
}
