import type { Tensor, TensorLike } from '@surprisal/tensor'
import { pairOf, requireNumber } from '../_shared/arguments.ts'
import { huberized } from '../_shared/huberized.ts'
import { type ReductionOptions, reduce } from '../_shared/reduce.ts'

/** Options of {@link huberLoss}. */
export interface HuberLossOptions extends ReductionOptions {
  /** Error at which the parabola becomes a line, above 0. @default 1 */
  delta?: number
}

/**
 * Squared error for small errors, absolute error for large ones, so that outliers pull with a bounded force.
 *
 * ```text
 * d = input - target
 * loss = d^2 / 2 where |d| <= delta,   delta (|d| - delta / 2) elsewhere
 * ```
 *
 * @param input float tensor of any shape
 * @param target of the same shape; nothing is broadcast. A gradient flows to a float one as well
 * @returns a scalar; the shape of input for `reduction: 'none'`
 * @throws {SurprisalError} `shape`, `dtype` or `argument` at the call
 * @see Huber, Robust Estimation of a Location Parameter, 1964
 */
export function huberLoss(input: TensorLike, target: TensorLike, options: HuberLossOptions = {}): Tensor {
  const { delta = 1, reduction } = options
  requireNumber('huberLoss', 'delta', delta, d => d > 0 && Number.isFinite(d), 'a positive finite number')
  const [x, t] = pairOf('huberLoss', input, target)
  return reduce('huberLoss', huberized(x.sub(t), delta), reduction)
}
