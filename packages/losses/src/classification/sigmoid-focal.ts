import type { Tensor, TensorLike } from '@surprisal/tensor'
import { floatTensor, numberTensor, requireNumber, requireShape } from '../_shared/arguments.ts'
import { focusing } from '../_shared/focusing.ts'
import { type ReductionOptions, reduce } from '../_shared/reduce.ts'

/** Options of {@link sigmoidFocalLoss}. */
export interface SigmoidFocalLossOptions extends ReductionOptions {
  /** Weight of positives, at most 1; negatives weigh 1 - alpha. Below 0: no weights. @default 0.25 */
  alpha?: number
  /** How much easy elements are turned down, at least 0. @default 2 */
  gamma?: number
}

const op = 'sigmoidFocalLoss'

/**
 * Focal loss of independent labels: binary cross-entropy in which what is already right counts little. For detection,
 * where almost everything is an easy negative.
 *
 * ```text
 * p = sigmoid(x),  p_t = t p + (1 - t)(1 - p),  alpha_t = t alpha + (1 - t)(1 - alpha)
 * loss = alpha_t (1 - p_t)^gamma bce(x, t)
 * ```
 *
 * @param logits float tensor of any shape
 * @param targets of the same shape, from 0 to 1
 * @returns a scalar (torchvision's default is `'none'`); the shape of logits for `reduction: 'none'`
 * @throws {SurprisalError} `shape`, `dtype` or `argument` at the call
 * @see Lin et al., Focal Loss for Dense Object Detection, 2017
 */
export function sigmoidFocalLoss(
  logits: TensorLike,
  targets: TensorLike,
  options: SigmoidFocalLossOptions = {},
): Tensor {
  const { alpha = 0.25, gamma = 2 } = options
  requireNumber(op, 'alpha', alpha, a => a <= 1, 'at most 1')
  requireNumber(op, 'gamma', gamma, g => g >= 0 && Number.isFinite(g), 'a finite number of at least 0')
  const x = floatTensor(op, 'logits', logits)
  const t = numberTensor(op, 'targets', targets)
  requireShape(op, 'targets', t, x.shape)

  const other = t.neg().add(1)
  const entropy = t.mul(x.logSigmoid()).add(other.mul(x.neg().logSigmoid())).neg()
  const missed = t.mul(x.neg().sigmoid()).add(other.mul(x.sigmoid()))
  const losses = focusing(missed, gamma).mul(entropy)
  const balanced = alpha < 0 ? losses : losses.mul(t.mul(2 * alpha - 1).add(1 - alpha))
  return reduce(op, balanced, options.reduction)
}
