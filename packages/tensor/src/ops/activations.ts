import { unary } from '../primitive.ts'
import type { Tensor, TensorLike } from '../tensor.ts'
import { abs, add, div, mul, neg } from './arithmetic.ts'
import { greater } from './comparison.ts'
import { divisorOption, numberOption, optionsOf } from './internal/checks.ts'
import { clampBetween } from './internal/clamp.ts'
import { activation, floatUnary } from './internal/pointwise.ts'
import { where } from './selection.ts'
import { tanh } from './trigonometric.ts'

/**
 * `1 / (1 + exp(-x))`. Integers and bools give float32, here and in every function of this family.
 *
 * @param x any shape
 */
export function sigmoid(x: TensorLike): Tensor {
  return floatUnary('sigmoid', x)
}

/**
 * `log(sigmoid(x))` without overflow; the derivative is `sigmoid(-x)` everywhere.
 *
 * @param x any shape
 */
export function logSigmoid(x: TensorLike): Tensor {
  return activation('logSigmoid', x, y => neg(unary('logSigmoid', 'softplus', neg(y))))
}

/** Shape of {@link softplus}. */
export interface SoftplusOptions {
  /** Sharpness; default 1. */
  beta?: number
  /** Above this value of `beta * x` the function is the identity; default 20. */
  threshold?: number
}

/**
 * `log(1 + exp(beta * x)) / beta`, a smooth relu (Dugas et al. 2001); the derivative is `sigmoid(beta * x)`.
 *
 * @param x any shape
 * @param options `beta` (1), `threshold` (20)
 * @throws {SurprisalError} `argument` when beta is 0 or not finite
 */
export function softplus(x: TensorLike, options?: SoftplusOptions): Tensor {
  const given = optionsOf('softplus', options)
  const beta = divisorOption('softplus', 'beta', given.beta, 1)
  const threshold = numberOption('softplus', 'threshold', given.threshold, 20)
  return activation('softplus', x, y => {
    const scaled = beta === 1 ? y : mul(y, beta)
    const smooth = unary('softplus', 'softplus', scaled)
    return where(greater(scaled, threshold), y, beta === 1 ? smooth : div(smooth, beta))
  })
}

/**
 * `x * sigmoid(x)`, also called swish (Elfwing et al. 2018).
 *
 * @param x any shape
 */
export function silu(x: TensorLike): Tensor {
  return activation('silu', x, y => mul(y, sigmoid(y)))
}

/**
 * `x * tanh(log(1 + exp(x)))` (Misra 2019).
 *
 * @param x any shape
 */
export function mish(x: TensorLike): Tensor {
  return activation('mish', x, y => mul(y, tanh(unary('mish', 'softplus', y))))
}

/**
 * `clamp(x / 6 + 1/2, 0, 1)`, a piecewise linear sigmoid. The gradient passes between the bounds and at them.
 *
 * @param x any shape
 */
export function hardsigmoid(x: TensorLike): Tensor {
  return activation('hardsigmoid', x, y => clampBetween('hardsigmoid', add(div(y, 6), 0.5), 0, 1))
}

/**
 * `x * clamp(x + 3, 0, 6) / 6`, a piecewise silu (Howard et al. 2019). The gradient is that of the formula, `clamp`
 * passing at its bounds.
 *
 * @param x any shape
 */
export function hardswish(x: TensorLike): Tensor {
  return activation('hardswish', x, y => div(mul(y, clampBetween('hardswish', add(y, 3), 0, 6)), 6))
}

/**
 * `x / (1 + |x|)`.
 *
 * @param x any shape
 */
export function softsign(x: TensorLike): Tensor {
  return activation('softsign', x, y => div(y, add(abs(y), 1)))
}
