import { type Tensor, type TensorLike, where } from '@surprisal/tensor'
import { floatTensor, withoutDim } from '../_shared/arguments.ts'
import { type ClassTargetOptions, classAxis, classTargets, classWeights, pickClass } from '../_shared/class-targets.ts'
import { type ReductionOptions, reduce } from '../_shared/reduce.ts'

/** Options of {@link nllLoss}. */
export interface NllLossOptions extends ClassTargetOptions, ReductionOptions {
  /** Constant weights of the classes, `[C]`. @default none */
  weight?: TensorLike | null
  /** Axis of the classes; negatives count from the end. @default 1, of a single sample 0 */
  classDim?: number
}

const op = 'nllLoss'

/**
 * Negative log-likelihood of log-probabilities: cross-entropy after `logSoftmax`, or of a model that gives
 * log-probabilities by itself.
 *
 * ```text
 * loss_n = -w[y] logProbs_y,   mean = sum of kept losses / sum of kept w[y]
 * ```
 *
 * Ignored rows give 0 and a gradient of exactly 0; when all are ignored the sum is 0 and the mean NaN.
 *
 * @param logProbs float `[C]`, `[N, C]` or `[N, C, ...]`
 * @param targets class ids of the shape of logProbs without the class axis
 * @returns a scalar; the shape of the targets for `reduction: 'none'`
 * @throws {SurprisalError} `shape`, `dtype` or `argument` at the call; `index` at the read for a class out of range
 */
export function nllLoss(logProbs: TensorLike, targets: TensorLike, options: NllLossOptions = {}): Tensor {
  const x = floatTensor(op, 'logProbs', logProbs)
  const dim = classAxis(op, 'logProbs', x, options.classDim)
  const w = classWeights(op, 'weight', options.weight, x.shape[dim])
  const y = classTargets(op, targets, withoutDim(x.shape, dim), x.shape[dim], options)

  const kept = (rows: Tensor): Tensor => where(y.kept, rows, 0)
  const ownWeight = w ? kept(w.take(y.index)) : y.kept.cast('float32')
  const likelihood = pickClass(x, y, dim).mul(ownWeight).neg()
  const losses = y.known ? where(y.known, likelihood, Number.NaN) : likelihood
  return reduce(op, kept(losses), options.reduction, ownWeight.sum())
}
