import type { Tensor, TensorLike } from '@surprisal/tensor'
import { fail, floatTensor, pairOf, requireNumber, shapeText } from '../_shared/arguments.ts'
import { checked } from '../_shared/checked.ts'
import { type ReductionOptions, reduce } from '../_shared/reduce.ts'

/** Options of {@link gaussianNllLoss}. */
export interface GaussianNllLossOptions extends ReductionOptions {
  /** Adds the constant log(2 pi) / 2. @default false */
  full?: boolean
  /** Smallest variance, above 0. @default 1e-6 */
  eps?: number
}

const op = 'gaussianNllLoss'

/**
 * Negative log-likelihood of targets under normal distributions whose means and variances are predicted.
 *
 * ```text
 * v = max(variance, eps),  d = input - target
 * loss = (log v + d^2 / v) / 2   (+ log(2 pi) / 2 when full)
 * ```
 *
 * The gradient passes to a variance below `eps` as if it had not been raised, so that it can recover.
 *
 * @param input float tensor of any shape
 * @param target of the same shape
 * @param variance of the same shape, or without the last dim, or with 1 there: one variance for all of it
 * @returns a scalar; the shape of input for `reduction: 'none'`
 * @throws {SurprisalError} `shape`, `dtype` or `argument` at the call; `argument` at the read for a negative variance
 * @see Nix and Weigend, Estimating the Mean and Variance of the Target Probability Distribution, 1994
 */
export function gaussianNllLoss(
  input: TensorLike,
  target: TensorLike,
  variance: TensorLike,
  options: GaussianNllLossOptions = {},
): Tensor {
  const { full = false, eps = 1e-6, reduction } = options
  requireNumber(op, 'eps', eps, e => e > 0 && Number.isFinite(e), 'a positive finite number')
  const [x, t] = pairOf(op, input, target)
  const given = alongInput(floatTensor(op, 'variance', variance), x)

  const raw = checked(op, 'variance', given, value => !(value < 0), 'expected at least 0')
  const v = raw.add(raw.maximum(eps).sub(raw).detach())
  const losses = v.log().add(x.sub(t).square().div(v)).mul(0.5)
  return reduce(op, full ? losses.add(0.5 * Math.log(2 * Math.PI)) : losses, reduction)
}

/** The variance in a shape that broadcasts to the input's and to no other. */
function alongInput(variance: Tensor, input: Tensor): Tensor {
  const shape = shapeText(input.shape)
  const leading = input.shape.slice(0, -1)
  const got = shapeText(variance.shape)
  if (got === shape || (input.ndim > 0 && got === shapeText([...leading, 1]))) return variance
  if (input.ndim > 0 && got === shapeText(leading)) return variance.unsqueeze(-1)
  return fail('shape', op, `variance has shape ${got}, expected ${shape}, or the last dim left out or 1`)
}
