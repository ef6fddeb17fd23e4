import type { Tensor } from '@surprisal/tensor'
import { fail } from './arguments.ts'

/** How the losses of the rows are joined. */
export type Reduction = 'none' | 'mean' | 'sum'

/** What losses over aligned rows take. */
export interface ReductionOptions {
  /** `'none'` keeps one loss a row, `'mean'` and `'sum'` give a scalar. @default 'mean' */
  reduction?: Reduction
}

/** Joins the losses of the rows. */
export function reduce(op: string, losses: Tensor, reduction: Reduction = 'mean'): Tensor {
  if (reduction === 'none') return losses
  if (reduction === 'mean') return losses.mean()
  if (reduction === 'sum') return losses.sum()
  return fail('argument', op, `reduction '${String(reduction)}' is not one of none|mean|sum`)
}
