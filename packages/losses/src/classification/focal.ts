import { type Tensor, type TensorLike, where } from '@surprisal/tensor'
import { floatTensor, requireNumber, withoutDim } from '../_shared/arguments.ts'
import { type ClassTargetOptions, classAxis, classTargets, classWeights, pickClass } from '../_shared/class-targets.ts'
import { focusing } from '../_shared/focusing.ts'
import { type ReductionOptions, reduce } from '../_shared/reduce.ts'

/** Options of {@link focalLoss}. */
export interface FocalLossOptions extends ClassTargetOptions, ReductionOptions {
  /** Constant weights of the classes, `[C]`; the mean does not divide by them. @default none */
  alpha?: TensorLike | null
  /** How much easy samples are turned down, at least 0; 0 is cross-entropy. @default 2 */
  gamma?: number
  /** Axis of the classes; negatives count from the end. @default 1, of a single sample 0 */
  classDim?: number
}

const op = 'focalLoss'

/**
 * Focal loss of classes that exclude each other: cross-entropy in which samples that are already right count little.
 *
 * ```text
 * p = softmax(x)
 * loss_n = -alpha[y] (1 - p_y)^gamma log p_y,   mean over the kept samples
 * ```
 *
 * Ignored rows give 0 and a gradient of exactly 0; when all are ignored the sum is 0 and the mean NaN.
 *
 * @param logits float `[C]`, `[N, C]` or `[N, C, ...]`
 * @param targets class ids of the shape of logits without the class axis
 * @returns a scalar; the shape of the targets for `reduction: 'none'`
 * @throws {SurprisalError} `shape`, `dtype` or `argument` at the call; `index` at the read for a class out of range
 * @see Lin et al., Focal Loss for Dense Object Detection, 2017
 */
export function focalLoss(logits: TensorLike, targets: TensorLike, options: FocalLossOptions = {}): Tensor {
  const { gamma = 2 } = options
  requireNumber(op, 'gamma', gamma, g => g >= 0 && Number.isFinite(g), 'a finite number of at least 0')
  const scores = floatTensor(op, 'logits', logits)
  const dim = classAxis(op, 'logits', scores, options.classDim)
  const classes = scores.shape[dim]
  const alpha = classWeights(op, 'alpha', options.alpha, classes)
  const y = classTargets(op, targets, withoutDim(scores.shape, dim), classes, options)

  const x = where(y.kept.unsqueeze(dim), scores, 0)
  const logp = pickClass(x.logSoftmax({ dim }), y, dim)
  const losses = focusing(logp.expm1().neg(), gamma).mul(logp).neg()
  const weighted = alpha ? losses.mul(alpha.take(y.index)) : losses
  const known = y.known ? where(y.known, weighted, Number.NaN) : weighted
  return reduce(op, where(y.kept, known, 0), options.reduction, y.kept.cast('float32').sum())
}
