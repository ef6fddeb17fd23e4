import { type Tensor, where } from '@surprisal/tensor'

/**
 * KL(p || q) of each row, from log-probabilities. Outcomes that p excludes add nothing, whatever q says; one that only
 * q excludes makes it infinite.
 */
export function klRows(logp: Tensor, logq: Tensor): Tensor {
  const possible = logp.greater(Number.NEGATIVE_INFINITY)
  const [p, q] = [where(possible, logp, 0), where(possible, logq, 0)]
  // A NaN of the teacher is not "possible" and would vanish; adding it keeps it in sight.
  const unknown = where(logp.isnan(), Number.NaN, 0)
  return where(possible, p.exp().mul(p.sub(q)), unknown).sum({ dim: -1 })
}
