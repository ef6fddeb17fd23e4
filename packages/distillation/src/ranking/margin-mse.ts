import { type Tensor, type TensorLike, where } from '@surprisal/tensor'
import { fail, requireSameShape, shapeText, studentOf, teacherOf, tensorOf } from '../_shared/arguments.ts'
import { type RowOptions, reduceRows } from '../_shared/rows.ts'

/** Options of {@link marginMseLoss}; a mask has the shape of the negatives or of the positives. */
export type MarginMseLossOptions = RowOptions

const op = 'marginMseLoss'

/**
 * Distillation of how much better a positive is than a negative, which is free of the scale's zero that two models need
 * not share.
 *
 * ```text
 * loss = ((sPos - sNeg) - (tPos - tNeg))^2
 * ```
 *
 * @param studentPos float `[N]`; gradients flow to both of the student's
 * @param studentNeg float `[N]`, or `[N, K]` for K negatives of each positive
 * @param teacherPos float of the shape of studentPos; detached
 * @param teacherNeg float of the shape of studentNeg; detached
 * @returns a scalar, the mean over kept pairs; the shape of the negatives for `reduction: 'none'`
 * @throws {SurprisalError} `shape`, `dtype` or `argument` at the call
 * @see Hofstaetter et al., Improving Efficient Neural Ranking Models with Cross-Architecture Knowledge Distillation, 2020
 */
export function marginMseLoss(
  studentPos: TensorLike,
  studentNeg: TensorLike,
  teacherPos: TensorLike,
  teacherNeg: TensorLike,
  options: MarginMseLossOptions = {},
): Tensor {
  const sPos = studentOf(op, 'studentPos', studentPos)
  const sNeg = studentOf(op, 'studentNeg', studentNeg)
  const tPos = teacherOf(op, 'teacherPos', teacherPos)
  const tNeg = teacherOf(op, 'teacherNeg', teacherNeg)
  requireSameShape(op, 'teacherPos', tPos, 'studentPos', sPos)
  requireSameShape(op, 'teacherNeg', tNeg, 'studentNeg', sNeg)
  const several = sNeg.ndim === sPos.ndim + 1
  if (shapeText(several ? sNeg.shape.slice(0, -1) : sNeg.shape) !== shapeText(sPos.shape))
    fail(
      'shape',
      op,
      `studentNeg must have shape ${shapeText(sPos.shape)} like studentPos, or one more dim, got ${shapeText(sNeg.shape)}`,
    )
  const mask = pairMask(options.mask, sPos, sNeg)

  const margin = (positive: Tensor, negative: Tensor): Tensor => {
    const difference = (several ? positive.unsqueeze(-1) : positive).sub(negative)
    return mask ? where(mask, difference, 0) : difference
  }
  const losses = margin(sPos, sNeg).sub(margin(tPos, tNeg)).square()
  return reduceRows(op, losses, mask, options.reduction)
}

/** Which pairs count; a mask of positives is spread over their negatives. */
function pairMask(mask: TensorLike | null | undefined, positives: Tensor, negatives: Tensor): Tensor | null {
  if (mask === null || mask === undefined) return null
  const given = tensorOf(op, 'mask', mask).cast('bool')
  const got = shapeText(given.shape)
  if (got === shapeText(negatives.shape)) return given
  if (got === shapeText(positives.shape)) return given.unsqueeze(-1).expand(negatives.shape)
  return fail(
    'shape',
    op,
    `mask must have shape ${shapeText(negatives.shape)} or ${shapeText(positives.shape)}, got ${got}`,
  )
}
