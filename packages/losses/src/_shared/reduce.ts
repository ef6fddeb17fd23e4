import type { Tensor } from '@surprisal/tensor'
import { fail } from './arguments.ts'

/** How the single losses are joined: kept as they are, or one scalar. */
export type Reduction = 'none' | 'mean' | 'sum'

/** What every loss takes. */
export interface ReductionOptions {
  /** `'none'` keeps the single losses, `'mean'` and `'sum'` give a scalar. @default 'mean' */
  reduction?: Reduction
}

/** Joins single losses; the mean divides by `denominator`, by default their number. */
export function reduce(
  op: string,
  losses: Tensor,
  reduction: Reduction = 'mean',
  denominator?: Tensor | number,
): Tensor {
  switch (reduction) {
    case 'none':
      return losses
    case 'sum':
      return losses.sum()
    case 'mean':
      return denominator === undefined ? losses.mean() : losses.sum().div(denominator)
    default:
      return fail('argument', op, `reduction '${String(reduction)}' is not one of none|mean|sum`)
  }
}

/** The same with `'batchmean'`, the sum divided by the first dim of what is reduced. */
export function reduceBatch(op: string, losses: Tensor, reduction: Reduction | 'batchmean'): Tensor {
  if (reduction === 'batchmean') return losses.sum().div(losses.shape[0] ?? 1)
  if (reduction === 'none' || reduction === 'mean' || reduction === 'sum') return reduce(op, losses, reduction)
  return fail('argument', op, `reduction '${String(reduction)}' is not one of none|mean|sum|batchmean`)
}
