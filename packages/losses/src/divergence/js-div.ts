import { logaddexp, type Tensor, type TensorLike, where } from '@surprisal/tensor'
import { fail, floatTensor, requireShape } from '../_shared/arguments.ts'
import { type Reduction, reduceBatch } from '../_shared/reduce.ts'

/** Options of {@link jsDivLoss}. */
export interface JsDivLossOptions {
  /** `'none'` keeps one divergence per row; `'batchmean'` divides their sum by their first dim. @default 'batchmean' */
  reduction?: Reduction | 'batchmean'
}

const op = 'jsDivLoss'

/**
 * Jensen-Shannon divergence of two distributions, from 0 to log 2, in nats.
 *
 * ```text
 * m = logaddexp(logP, logQ) - log 2
 * loss = (sum_k P (logP - m) + sum_k Q (logQ - m)) / 2   over the last dim
 * ```
 *
 * @param logP float log-probabilities `[..., K]`
 * @param logQ the same
 * @returns a scalar; `[...]` for `reduction: 'none'`. A single distribution `[K]` counts as a batch of 1
 * @throws {SurprisalError} `shape`, `dtype` or `argument` at the call
 * @see Lin, Divergence Measures Based on the Shannon Entropy, 1991
 */
export function jsDivLoss(logP: TensorLike, logQ: TensorLike, options: JsDivLossOptions = {}): Tensor {
  const p = floatTensor(op, 'logP', logP)
  const q = floatTensor(op, 'logQ', logQ)
  if (p.ndim === 0) fail('shape', op, 'logP has shape [], expected at least one dim')
  requireShape(op, 'logQ', q, p.shape)
  const mixture = logaddexp(p, q).sub(Math.LN2)
  const rows = divergence(p, mixture).add(divergence(q, mixture)).mul(0.5)
  return reduceBatch(op, rows, options.reduction ?? 'batchmean')
}

/** KL along the last dim, where outcomes that p excludes add nothing. */
function divergence(logp: Tensor, mixture: Tensor): Tensor {
  const possible = logp.greater(Number.NEGATIVE_INFINITY)
  const safe = where(possible, logp, 0)
  const term = safe.exp().mul(safe.sub(where(possible, mixture, 0)))
  return where(possible, term, 0).sum({ dim: -1 })
}
