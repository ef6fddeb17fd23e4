import type { Tensor, TensorLike } from '../tensor.ts'
import { mul } from './arithmetic.ts'
import { expm1 } from './exponential.ts'
import { branches } from './internal/branches.ts'
import { divisorOption, numberOption, optionsOf } from './internal/checks.ts'

/** Scale of {@link elu} and {@link celu}. */
export interface EluOptions {
  /** The value approached at -Infinity is `-alpha`; default 1. */
  alpha?: number
}

/**
 * `x` above 0, `alpha * (exp(x) - 1)` elsewhere (Clevert et al. 2016); derivative `alpha` at 0. Integers give float32.
 *
 * @param x any shape
 * @param options `alpha` (1)
 */
export function elu(x: TensorLike, options?: EluOptions): Tensor {
  const alpha = numberOption('elu', 'alpha', optionsOf('elu', options).alpha, 1)
  return branches('elu', x, y => mul(expm1(y), alpha))
}

const seluScale = 1.0507009873554805
const seluAlpha = 1.6732632423543772

/**
 * `scale * x` above 0, `scale * alpha * (exp(x) - 1)` elsewhere, with the two constants that keep mean 0 and variance 1
 * through layers (Klambauer et al. 2017); derivative `scale * alpha` at 0. Integers give float32.
 *
 * @param x any shape
 */
export function selu(x: TensorLike): Tensor {
  return branches(
    'selu',
    x,
    y => mul(expm1(y), seluScale * seluAlpha),
    y => mul(y, seluScale),
  )
}

/**
 * `max(0, x) + min(0, alpha * (exp(x / alpha) - 1))` (Barron 2017); derivative 1 at 0. Integers give float32.
 *
 * @param x any shape
 * @param options `alpha` (1)
 * @throws {SurprisalError} `argument` when alpha is 0 or not finite
 */
export function celu(x: TensorLike, options?: EluOptions): Tensor {
  const alpha = divisorOption('celu', 'alpha', optionsOf('celu', options).alpha, 1)
  return branches('celu', x, y => mul(expm1(mul(y, 1 / alpha)), alpha))
}
