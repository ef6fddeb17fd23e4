import type { Tensor, TensorLike } from '@surprisal/tensor'
import { fail, studentOf } from '../_shared/arguments.ts'
import { classTargets } from '../_shared/class-targets.ts'
import { bothMasks, keptRows, maskOf, reduceRows } from '../_shared/rows.ts'
import { type KdLossOptions, softenedLoss } from './kd.ts'

/** Options of {@link hintonLoss}. */
export interface HintonLossOptions extends KdLossOptions {
  /** Share of the teacher, in [0, 1]; the labels have the rest. @default 0.5 */
  alpha?: number
  /** Rows with this target leave both terms. @default -100 */
  ignoreIndex?: number
}

const op = 'hintonLoss'

/**
 * Teacher and labels together.
 *
 * ```text
 * loss_n = alpha kdLoss_n + (1 - alpha) (-log softmax(s)_y)
 * ```
 *
 * Both terms are means over the same kept rows: those that neither the mask nor `ignoreIndex` takes out.
 *
 * @param studentLogits float `[..., C]`; the gradient flows here
 * @param teacherLogits float of the same shape, or of its own classes with `classMap`; detached
 * @param targets integers `[...]`, classes of the student
 * @returns a scalar; `[...]` for `reduction: 'none'`
 * @throws {SurprisalError} `shape`, `dtype` or `argument` at the call; `index` at the read for a class out of range
 * @see Hinton et al., Distilling the Knowledge in a Neural Network, 2015
 */
export function hintonLoss(
  studentLogits: TensorLike,
  teacherLogits: TensorLike,
  targets: TensorLike,
  options: HintonLossOptions = {},
): Tensor {
  const { alpha = 0.5, ignoreIndex = -100, reduction } = options
  if (typeof alpha !== 'number' || !(alpha >= 0 && alpha <= 1))
    fail('argument', op, `alpha must be in [0, 1], got ${String(alpha)}`)
  const student = studentOf(op, 'studentLogits', studentLogits)
  if (student.ndim === 0) fail('shape', op, 'studentLogits must have at least one dim, got shape []')
  const { index, kept } = classTargets(op, targets, student, ignoreIndex)
  const mask = bothMasks(kept, maskOf(op, options.mask, student.shape.slice(0, -1)))

  const logq = keptRows(student, mask).logSoftmax()
  const hard = logq.gather(-1, index.unsqueeze(-1)).squeeze({ dim: -1 }).neg()
  const labels = reduceRows(op, hard, mask, reduction)
  return softenedLoss(op, student, teacherLogits, options, mask)
    .mul(alpha)
    .add(labels.mul(1 - alpha))
}
