import { type Tensor, type TensorLike, where } from '@surprisal/tensor'
import { floatTensor, isFloat, requireNumber, requireShape, tensorOf, withoutDim } from '../_shared/arguments.ts'
import { type ClassTargetOptions, classAxis, classTargets, classWeights, pickClass } from '../_shared/class-targets.ts'
import { type ReductionOptions, reduce } from '../_shared/reduce.ts'

/** Options of {@link crossEntropy}. */
export interface CrossEntropyOptions extends ClassTargetOptions, ReductionOptions {
  /** Constant weights of the classes, `[C]`. @default none */
  weight?: TensorLike | null
  /** Part of the target that is spread evenly over all classes, in [0, 1]. @default 0 */
  labelSmoothing?: number
  /** Factor of the squared log-normaliser, at least 0 (z-loss). @default 0 */
  zLoss?: number
  /** Axis of the classes; negatives count from the end. @default 1, of a single sample 0 */
  classDim?: number
}

const op = 'crossEntropy'

/**
 * Cross-entropy of class scores: how many nats the softmax of `logits` misses of the targets.
 *
 * ```text
 * lse = logsumexp(x),  logp = x - lse,  s = labelSmoothing,  w = weight
 * class ids:      loss_n = (1 - s) w[y] (-logp_y) + (s / C) sum_c w[c] (-logp_c)
 *                 mean   = sum of kept losses / sum of kept w[y]
 * probabilities:  loss_n = -sum_c w[c] ((1 - s) t_c + s / C) logp_c,  mean over all n
 * zLoss z > 0:    adds z lse^2, never weighted; its mean is taken over the kept rows
 * ```
 *
 * The gradient is softmax - target. Ignored rows give 0 and a gradient of exactly 0, whatever their logits hold; when
 * all are ignored the sum is 0 and the mean NaN.
 *
 * @param logits float `[C]`, `[N, C]` or `[N, C, ...]`; `classDim: -1` takes `[B, T, V]`
 * @param targets class ids (integers) of the shape of logits without the class axis, or probabilities (float) of the
 * shape of logits, to which a gradient flows as well
 * @returns a scalar; the shape of logits without the class axis for `reduction: 'none'`
 * @throws {SurprisalError} `shape`, `dtype` or `argument` at the call; `index` at the read for a class out of range
 * @see Szegedy et al., Rethinking the Inception Architecture, 2016 (label smoothing)
 * @see Chowdhery et al., PaLM, 2022 (z-loss)
 */
export function crossEntropy(logits: TensorLike, targets: TensorLike, options: CrossEntropyOptions = {}): Tensor {
  const { labelSmoothing = 0, zLoss = 0 } = options
  requireNumber(op, 'labelSmoothing', labelSmoothing, s => s >= 0 && s <= 1, 'in [0, 1]')
  requireNumber(op, 'zLoss', zLoss, z => z >= 0 && Number.isFinite(z), 'a finite number of at least 0')
  const x = floatTensor(op, 'logits', logits)
  const y = tensorOf(op, 'targets', targets)
  return isFloat(y) ? ofProbabilities(x, y, options) : ofClasses(x, y, options)
}

function ofClasses(logits: Tensor, targets: Tensor, options: CrossEntropyOptions): Tensor {
  const { labelSmoothing: s = 0, zLoss = 0, reduction } = options
  const dim = classAxis(op, 'logits', logits, options.classDim)
  const classes = logits.shape[dim]
  const w = classWeights(op, 'weight', options.weight, classes)
  const y = classTargets(op, targets, withoutDim(logits.shape, dim), classes, options)

  // Rows that are ignored must not pass on a NaN of theirs, which 0 times their gradient would.
  const x = where(y.kept.unsqueeze(dim), logits, 0)
  const logp = x.logSoftmax({ dim })
  const ownWeight = w?.take(y.index)
  let losses = pickClass(logp, y, dim).neg()
  if (ownWeight) losses = losses.mul(ownWeight)
  if (s > 0) losses = losses.mul(1 - s).add(overClasses(logp, w, dim).mul(-s / classes))
  if (y.known) losses = where(y.known, losses, Number.NaN)

  const kept = (rows: Tensor): Tensor => where(y.kept, rows, 0)
  const count = y.kept.cast('float32').sum()
  const result = reduce(op, kept(losses), reduction, ownWeight ? kept(ownWeight).sum() : count)
  return zLoss > 0 ? result.add(reduce(op, kept(squaredNormaliser(x, dim, zLoss)), reduction, count)) : result
}

function ofProbabilities(x: Tensor, targets: Tensor, options: CrossEntropyOptions): Tensor {
  const { labelSmoothing: s = 0, zLoss = 0, reduction } = options
  const dim = classAxis(op, 'logits', x, options.classDim)
  const classes = x.shape[dim]
  const w = classWeights(op, 'weight', options.weight, classes)
  requireShape(op, 'targets', targets, x.shape)

  const t = targets.cast('float32')
  const smoothed = s > 0 ? t.mul(1 - s).add(s / classes) : t
  const losses = overClasses(smoothed.mul(x.logSoftmax({ dim })), w, dim).neg()
  return reduce(op, zLoss > 0 ? losses.add(squaredNormaliser(x, dim, zLoss)) : losses, reduction)
}

/** Weighted sum along the class axis. */
function overClasses(x: Tensor, weight: Tensor | null, dim: number): Tensor {
  if (!weight) return x.sum({ dim })
  const along = x.shape.map((size, d) => (d === dim ? size : 1))
  return x.mul(weight.reshape(along)).sum({ dim })
}

const squaredNormaliser = (x: Tensor, dim: number, factor: number): Tensor => x.logsumexp({ dim }).square().mul(factor)
