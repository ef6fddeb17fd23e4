import type { Tensor, TensorLike } from '@surprisal/tensor'
import { pairOf, requireNumber } from '../_shared/arguments.ts'
import { checked } from '../_shared/checked.ts'
import { type ReductionOptions, reduce } from '../_shared/reduce.ts'

/** Options of {@link hingeLoss}. */
export interface HingeLossOptions extends ReductionOptions {
  /** Score above which a sample costs nothing. @default 1 */
  margin?: number
  /** Squares the loss, which makes it smooth. @default false */
  squared?: boolean
}

const op = 'hingeLoss'

/**
 * Hinge loss of a linear classifier (support vector machine).
 *
 * ```text
 * loss = max(0, margin - t x),   squared when asked
 * ```
 *
 * The gradient is 0 exactly at the margin.
 *
 * @param input float scores of any shape
 * @param target of the same shape, -1 or 1
 * @returns a scalar; the shape of input for `reduction: 'none'`
 * @throws {SurprisalError} `shape`, `dtype` or `argument` at the call; `argument` at the read for another target
 * @see Cortes and Vapnik, Support-Vector Networks, 1995
 */
export function hingeLoss(input: TensorLike, target: TensorLike, options: HingeLossOptions = {}): Tensor {
  const { margin = 1, squared = false, reduction } = options
  requireNumber(op, 'margin', margin, Number.isFinite, 'a finite number')
  const [x, labels] = pairOf(op, input, target)

  const t = checked(op, 'target', labels, value => value === 1 || value === -1, 'expected -1 or 1')
  const short = t.mul(x).neg().add(margin).relu()
  return reduce(op, squared ? short.square() : short, reduction)
}
