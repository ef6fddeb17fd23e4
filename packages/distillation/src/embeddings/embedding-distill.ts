import { linear, type Tensor, type TensorLike } from '@surprisal/tensor'
import { fail, requireSameShape, shapeText, studentOf, teacherOf, tensorOf } from '../_shared/arguments.ts'
import { keptRows, maskOf, type RowOptions, reduceRows } from '../_shared/rows.ts'

/** Options of {@link embeddingDistillLoss}. */
export interface EmbeddingDistillLossOptions extends RowOptions {
  /** What is compared: directions, coordinates, or the similarities within the batch. @default 'cosine' */
  metric?: 'cosine' | 'mse' | 'gram'
  /**
   * Takes the student's embeddings to the teacher's width: a weight `[teacher, student]` as of a linear layer, which is
   * trained along, or a module. @default none
   */
  projection?: TensorLike | { forward(x: Tensor): Tensor } | null
}

const op = 'embeddingDistillLoss'
const metrics = ['cosine', 'mse', 'gram'] as const

/**
 * Distillation of embeddings: the student's vectors, or how they lie to each other, are drawn to the teacher's.
 *
 * ```text
 * x = projection(s)
 * cosine: loss_n = 1 - cos(x_n, t_n)
 * mse:    loss_n = mean over the last dim of (x - t)^2
 * gram:   loss_n = mean over m of (cos(x_n, x_m) - cos(t_n, t_m))^2
 * ```
 *
 * `gram` compares each space with itself, so that the widths may differ without a projection.
 *
 * @param student float `[..., E]`; for gram `[N, E]`. The gradient flows here and to the projection
 * @param teacher float `[..., E']` with the same rows; detached
 * @returns a scalar, the mean over kept rows (0 when none is kept); one loss a row for `reduction: 'none'`
 * @throws {SurprisalError} `shape`, `dtype` or `argument` at the call
 * @see Reimers and Gurevych, Making Monolingual Sentence Embeddings Multilingual using Knowledge Distillation, 2020
 * @see Tung and Mori, Similarity-Preserving Knowledge Distillation, 2019 (gram)
 */
export function embeddingDistillLoss(
  student: TensorLike,
  teacher: TensorLike,
  options: EmbeddingDistillLossOptions = {},
): Tensor {
  const { metric = 'cosine', reduction } = options
  if (!metrics.includes(metric))
    fail('argument', op, `metric must be one of ${metrics.join('|')}, got '${String(metric)}'`)
  const given = studentOf(op, 'student', student)
  const t = teacherOf(op, 'teacher', teacher)
  if (given.ndim === 0) fail('shape', op, 'student must have at least one dim, got shape []')
  const rows = given.shape.slice(0, -1)
  const mask = maskOf(op, options.mask, rows)
  const x = projected(keptRows(given, mask), options.projection)

  if (metric !== 'gram') requireSameShape(op, 'teacher', t, 'student', x)
  else if (rows.length !== 1 || t.ndim !== 2 || t.shape[0] !== rows[0])
    fail(
      'shape',
      op,
      `teacher must have as many rows as student, both of 2 dims, got ${shapeText(t.shape)} for ${shapeText(given.shape)}`,
    )
  return reduceRows(op, compare[metric](x, keptRows(t, mask), mask), mask, reduction)
}

const unit = (x: Tensor): Tensor => x.div(x.norm({ dim: -1, keepdim: true }).maximum(1e-12))

/** One loss a row. */
const compare: Record<(typeof metrics)[number], (x: Tensor, t: Tensor, mask: Tensor | null) => Tensor> = {
  cosine: (x, t) => unit(x).mul(unit(t)).sum({ dim: -1 }).neg().add(1),
  mse: (x, t) => x.sub(t).square().mean({ dim: -1 }),
  gram: (x, t, mask) => {
    const gram = (y: Tensor): Tensor => unit(y).matmul(unit(y).transpose(0, 1))
    const squares = gram(x).sub(gram(t)).square()
    if (!mask) return squares.mean({ dim: -1 })
    const kept = mask.cast('float32')
    return squares.mul(kept).sum({ dim: -1 }).div(kept.sum().maximum(1))
  },
}

function projected(x: Tensor, projection: EmbeddingDistillLossOptions['projection']): Tensor {
  if (projection === null || projection === undefined) return x
  if (typeof projection === 'object' && 'forward' in projection) return projection.forward(x)
  const weight = studentOf(op, 'projection', tensorOf(op, 'projection', projection))
  if (weight.ndim !== 2 || weight.shape[1] !== x.shape[x.ndim - 1])
    fail(
      'shape',
      op,
      `projection must have shape [teacher, student] with ${x.shape[x.ndim - 1]} columns, got ${shapeText(weight.shape)}`,
    )
  return linear(x, weight)
}
