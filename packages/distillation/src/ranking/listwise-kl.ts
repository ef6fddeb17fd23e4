import { type Tensor, type TensorLike, where } from '@surprisal/tensor'
import {
  fail,
  requirePositive,
  requireSameShape,
  shapeText,
  studentOf,
  teacherOf,
  tensorOf,
} from '../_shared/arguments.ts'
import { klRows } from '../_shared/divergence.ts'
import { type Reduction, reduceRows } from '../_shared/rows.ts'

/** Options of {@link listwiseKlLoss}. */
export interface ListwiseKlLossOptions {
  /** Divides the student's scores, above 0. @default 1 */
  temperature?: number
  /** Divides the teacher's scores, above 0. @default the student's temperature */
  teacherTemperature?: number
  /**
   * bool, true where something counts: candidates when of the shape of the scores, whole queries when of their leading
   * shape. A query without candidates does not count. @default all
   */
  mask?: TensorLike | null
  /** `'none'` keeps one loss a query, `'mean'` divides their sum by the number of kept queries. @default 'mean' */
  reduction?: Reduction
}

const op = 'listwiseKlLoss'

/**
 * Distillation of a re-ranker: over the candidates of each query the student's distribution of scores is drawn to the
 * teacher's.
 *
 * ```text
 * loss_n = KL(softmax(t / teacherTemperature) || softmax(s / temperature)), without a factor of temperature^2
 * ```
 *
 * @param studentScores float `[..., K]`, K candidates of each query; the gradient flows here
 * @param teacherScores float of the same shape; detached
 * @returns a scalar; `[...]` for `reduction: 'none'`
 * @throws {SurprisalError} `shape`, `dtype` or `argument` at the call
 * @see Santhanam et al., ColBERTv2, 2022
 * @see Ren et al., RocketQAv2, 2021
 */
export function listwiseKlLoss(
  studentScores: TensorLike,
  teacherScores: TensorLike,
  options: ListwiseKlLossOptions = {},
): Tensor {
  const { temperature = 1, teacherTemperature = temperature, reduction } = options
  requirePositive(op, 'temperature', temperature)
  requirePositive(op, 'teacherTemperature', teacherTemperature)
  const student = studentOf(op, 'studentScores', studentScores)
  const teacher = teacherOf(op, 'teacherScores', teacherScores)
  if (student.ndim === 0) fail('shape', op, 'studentScores must have at least one dim, got shape []')
  requireSameShape(op, 'teacherScores', teacher, 'studentScores', student)
  const candidates = candidateMask(options.mask, student)
  const queries = candidates?.any({ dim: -1 }) ?? null

  const withoutPadding = (scores: Tensor): Tensor => {
    if (!candidates || !queries) return scores
    // A query without any candidate gets zeros, as a row of -Infinity alone has no softmax.
    const nothing = where(queries, Number.NEGATIVE_INFINITY, 0).unsqueeze(-1)
    return where(candidates, scores, nothing)
  }
  const distribution = (scores: Tensor, divisor: number): Tensor => withoutPadding(scores.div(divisor)).logSoftmax()
  const losses = klRows(distribution(teacher, teacherTemperature), distribution(student, temperature))
  return reduceRows(op, losses, queries, reduction)
}

/** Which candidates count; a mask of queries is spread over theirs. */
function candidateMask(mask: TensorLike | null | undefined, scores: Tensor): Tensor | null {
  if (mask === null || mask === undefined) return null
  const given = tensorOf(op, 'mask', mask).cast('bool')
  const [full, leading] = [shapeText(scores.shape), shapeText(scores.shape.slice(0, -1))]
  const got = shapeText(given.shape)
  if (got === full) return given
  if (got === leading) return given.unsqueeze(-1).expand(scores.shape)
  return fail('shape', op, `mask must have shape ${full} or ${leading}, got ${got}`)
}
