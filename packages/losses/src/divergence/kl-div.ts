import { type Tensor, type TensorLike, where } from '@surprisal/tensor'
import { pairOf } from '../_shared/arguments.ts'
import { type Reduction, reduceBatch } from '../_shared/reduce.ts'

/** Options of {@link klDivLoss}. */
export interface KlDivLossOptions {
  /** Whether target holds log-probabilities too. @default false */
  logTarget?: boolean
  /** As of other losses, or `'batchmean'`: the sum divided by the first dim, which is the divergence. @default 'mean' */
  reduction?: Reduction | 'batchmean'
}

const op = 'klDivLoss'

/**
 * Terms of the Kullback-Leibler divergence KL(target || input).
 *
 * ```text
 * loss = t (log t - input), 0 where t = 0;   logTarget: exp(t) (t - input)
 * ```
 *
 * Mind that `'mean'` is the mean over elements; the divergence of rows of distributions is `'batchmean'`.
 *
 * @param input float log-probabilities of any shape
 * @param target probabilities of the same shape, or log-probabilities; a gradient flows to it as well
 * @returns a scalar; the shape of input for `reduction: 'none'`
 * @throws {SurprisalError} `shape`, `dtype` or `argument` at the call
 * @see Kullback and Leibler, On Information and Sufficiency, 1951
 */
export function klDivLoss(input: TensorLike, target: TensorLike, options: KlDivLossOptions = {}): Tensor {
  const { logTarget = false, reduction = 'mean' } = options
  const [logq, t] = pairOf(op, input, target)
  const impossible = t.equal(logTarget ? Number.NEGATIVE_INFINITY : 0)
  // An impossible outcome adds nothing even where input is -Infinity, so both are replaced before they meet.
  const p = where(impossible, 1, t)
  const q = where(impossible, 0, logq)
  const terms = logTarget ? p.exp().mul(p.sub(q)) : p.mul(p.log().sub(q))
  return reduceBatch(op, where(impossible, 0, terms), reduction)
}
