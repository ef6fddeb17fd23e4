import type { Tensor, TensorLike } from '@surprisal/tensor'
import { pairOf, requireNumber } from '../_shared/arguments.ts'
import { huberized } from '../_shared/huberized.ts'
import { type ReductionOptions, reduce } from '../_shared/reduce.ts'

/** Options of {@link smoothL1Loss}. */
export interface SmoothL1LossOptions extends ReductionOptions {
  /** Error at which the parabola becomes a line of slope 1, at least 0; 0 is the absolute error. @default 1 */
  beta?: number
}

/**
 * Absolute error with a rounded tip: the Huber loss divided by its threshold.
 *
 * ```text
 * d = input - target
 * loss = d^2 / (2 beta) where |d| < beta,   |d| - beta / 2 elsewhere
 * ```
 *
 * @param input float tensor of any shape
 * @param target of the same shape; nothing is broadcast. A gradient flows to a float one as well
 * @returns a scalar; the shape of input for `reduction: 'none'`
 * @throws {SurprisalError} `shape`, `dtype` or `argument` at the call
 * @see Girshick, Fast R-CNN, 2015
 */
export function smoothL1Loss(input: TensorLike, target: TensorLike, options: SmoothL1LossOptions = {}): Tensor {
  const { beta = 1, reduction } = options
  requireNumber('smoothL1Loss', 'beta', beta, b => b >= 0 && Number.isFinite(b), 'a finite number of at least 0')
  const [x, t] = pairOf('smoothL1Loss', input, target)
  const difference = x.sub(t)
  return reduce('smoothL1Loss', beta === 0 ? difference.abs() : huberized(difference, beta).div(beta), reduction)
}
