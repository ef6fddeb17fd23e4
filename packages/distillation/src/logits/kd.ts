import { type Tensor, type TensorLike, tensor } from '@surprisal/tensor'
import { fail, requirePositive, shapeText, studentOf, teacherOf, tensorOf } from '../_shared/arguments.ts'
import { klRows } from '../_shared/divergence.ts'
import { keptRows, maskOf, type RowOptions, reduceRows } from '../_shared/rows.ts'

/** Options of {@link kdLoss}. */
export interface KdLossOptions extends RowOptions {
  /** Divides the logits of both, above 0: the higher, the more the small probabilities count. @default 4 */
  temperature?: number
  /** Multiplies by temperature^2, which keeps gradients of one size. @default true */
  scaleByT2?: boolean
  /** Standardises each row of logits before the temperature. @default false */
  standardize?: boolean
  /** The student's class of each of the teacher's, where they have different ones: numbers or an integer tensor. */
  classMap?: readonly number[] | TensorLike
}

/**
 * Distillation of class scores: the student's softened distribution is drawn to the teacher's.
 *
 * ```text
 * loss_n = T^2 KL(softmax(t / T) || softmax(s / T)) over the last dim
 * standardize: z = (x - mean) / (1e-7 + std) of each row, unbiased, for both, before the temperature
 * ```
 *
 * The mean is taken over kept rows (all leading dims), never over classes; it is 0 when none is kept. A teacher may
 * exclude classes by -Infinity. With `classMap` the student is compared over the classes of the teacher alone.
 *
 * @param studentLogits float `[..., C]`; the gradient flows here
 * @param teacherLogits float of the same shape, or `[..., classMap.length]`; detached
 * @returns a scalar; `[...]` for `reduction: 'none'`
 * @throws {SurprisalError} `shape`, `dtype` or `argument` at the call; `index` at the read for a wrong class map
 * @see Hinton et al., Distilling the Knowledge in a Neural Network, 2015
 * @see Sun et al., Logit Standardization in Knowledge Distillation, 2024 (standardize)
 */
export function kdLoss(studentLogits: TensorLike, teacherLogits: TensorLike, options: KdLossOptions = {}): Tensor {
  return softenedLoss('kdLoss', studentLogits, teacherLogits, options)
}

/** {@link kdLoss} under the name of the function that calls it. */
export function softenedLoss(
  op: string,
  studentLogits: TensorLike,
  teacherLogits: TensorLike,
  options: KdLossOptions,
  kept: Tensor | null = null,
): Tensor {
  const { temperature = 4, scaleByT2 = true, standardize = false, reduction } = options
  requirePositive(op, 'temperature', temperature)
  const { student, teacher } = commonClasses(op, studentLogits, teacherLogits, options.classMap)
  const mask = kept ?? maskOf(op, options.mask, student.shape.slice(0, -1))

  const soften = (logits: Tensor): Tensor => {
    const rows = keptRows(logits, mask)
    return (standardize ? standardized(rows) : rows).div(temperature).logSoftmax()
  }
  const losses = klRows(soften(teacher), soften(student))
  return reduceRows(op, scaleByT2 ? losses.mul(temperature ** 2) : losses, mask, reduction)
}

function standardized(x: Tensor): Tensor {
  const over = { dim: -1, keepdim: true }
  return x.sub(x.mean(over)).div(x.std(over).add(1e-7))
}

function commonClasses(
  op: string,
  studentLogits: TensorLike,
  teacherLogits: TensorLike,
  classMap: KdLossOptions['classMap'],
): { student: Tensor; teacher: Tensor } {
  const given = studentOf(op, 'studentLogits', studentLogits)
  const teacher = teacherOf(op, 'teacherLogits', teacherLogits)
  if (given.ndim === 0) fail('shape', op, 'studentLogits must have at least one dim, got shape []')
  const student = classMap ? given.indexSelect(-1, mapOf(op, classMap)) : given
  if (shapeText(student.shape) !== shapeText(teacher.shape))
    fail(
      'shape',
      op,
      `teacherLogits must have the shape of studentLogits or a classMap, got ${shapeText(teacher.shape)} for ${shapeText(given.shape)}`,
    )
  return { student, teacher }
}

function mapOf(op: string, classMap: readonly number[] | TensorLike): Tensor {
  const map = Array.isArray(classMap)
    ? tensor(classMap as number[], { dtype: 'int32' })
    : tensorOf(op, 'classMap', classMap as TensorLike)
  if (map.ndim !== 1 || map.dtype.startsWith('float') || map.dtype === 'bool')
    fail('argument', op, `classMap must hold one integer for each class of the teacher, got ${map}`)
  return map.cast('int32')
}
