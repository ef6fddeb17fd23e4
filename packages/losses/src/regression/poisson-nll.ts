import { type Tensor, type TensorLike, where } from '@surprisal/tensor'
import { pairOf, requireNumber } from '../_shared/arguments.ts'
import { type ReductionOptions, reduce } from '../_shared/reduce.ts'

/** Options of {@link poissonNllLoss}. */
export interface PoissonNllLossOptions extends ReductionOptions {
  /** Whether input is the logarithm of the rate. @default true */
  logInput?: boolean
  /** Adds Stirling's approximation of log(target!) for targets above 1. @default false */
  full?: boolean
  /** Keeps log(0) away when input is a rate, at least 0. @default 1e-8 */
  eps?: number
}

const op = 'poissonNllLoss'

/**
 * Negative log-likelihood of counts under a Poisson distribution.
 *
 * ```text
 * logInput: exp(x) - t x,   else: x - t log(x + eps)
 * full:     + t log t - t + log(2 pi t) / 2   where t > 1
 * ```
 *
 * @param input float tensor of any shape, log-rates or rates
 * @param target counts of the same shape
 * @returns a scalar; the shape of input for `reduction: 'none'`
 * @throws {SurprisalError} `shape`, `dtype` or `argument` at the call
 */
export function poissonNllLoss(input: TensorLike, target: TensorLike, options: PoissonNllLossOptions = {}): Tensor {
  const { logInput = true, full = false, eps = 1e-8, reduction } = options
  requireNumber(op, 'eps', eps, e => e >= 0 && Number.isFinite(e), 'a finite number of at least 0')
  const [x, t] = pairOf(op, input, target)
  const losses = logInput ? x.exp().sub(t.mul(x)) : x.sub(t.mul(x.add(eps).log()))
  return reduce(op, full ? losses.add(stirling(t)) : losses, reduction)
}

function stirling(t: Tensor): Tensor {
  const many = t.greater(1)
  const n = where(many, t, 1)
  const approximation = n
    .mul(n.log())
    .sub(n)
    .add(
      n
        .mul(2 * Math.PI)
        .log()
        .mul(0.5),
    )
  return where(many, approximation, 0)
}
