import { polygammaOf } from '../gradient/polygamma.ts'
import { asTensor, toFloat } from '../operand.ts'
import type { Tensor, TensorLike } from '../tensor.ts'
import { requireInteger } from './internal/arguments.ts'
import { floatUnary } from './internal/pointwise.ts'

/**
 * Logarithm of the absolute value of the gamma function; +Infinity at its poles 0, -1, -2, ... Integers and bools give
 * float32.
 *
 * @param x any shape
 */
export function lgamma(x: TensorLike): Tensor {
  return floatUnary('lgamma', x)
}

/**
 * Derivative of {@link lgamma}: -Infinity at 0, NaN at the negative integers. Integers and bools give float32.
 *
 * @param x any shape
 */
export function digamma(x: TensorLike): Tensor {
  return floatUnary('digamma', x)
}

/**
 * Derivative of order `n` of {@link digamma}; at the poles 0, -1, -2, ... +Infinity for odd n and -Infinity for even n.
 * Integers and bools give float32.
 *
 * @param x any shape
 * @param n 0 (digamma itself), 1 (trigamma), 2, ...
 * @throws {SurprisalError} `argument` unless n is an integer of at least 0
 */
export function polygamma(x: TensorLike, n: number): Tensor {
  const t = toFloat('polygamma', asTensor('polygamma', 'x', x))
  requireInteger('polygamma', 'n', n)
  return polygammaOf('polygamma', n, t)
}
