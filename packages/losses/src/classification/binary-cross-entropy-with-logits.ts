import type { Tensor, TensorLike } from '@surprisal/tensor'
import { floatTensor, numberTensor, requireShape } from '../_shared/arguments.ts'
import { elementWeights } from '../_shared/element-weights.ts'
import { type ReductionOptions, reduce } from '../_shared/reduce.ts'

/** Options of {@link binaryCrossEntropyWithLogits}. */
export interface BinaryCrossEntropyWithLogitsOptions extends ReductionOptions {
  /** Factor of the positive term, broadcast over the trailing dims, as `[C]`. @default none */
  posWeight?: TensorLike | null
  /** Factor of the elements, broadcast over the trailing dims. @default none */
  weight?: TensorLike | null
}

const op = 'binaryCrossEntropyWithLogits'

/**
 * Binary cross-entropy of scores, for labels that do not exclude each other.
 *
 * ```text
 * loss = weight (posWeight t softplus(-x) + (1 - t) softplus(x))
 * ```
 *
 * Both softplus are stable, so that scores of +-1e4 are harmless and a small loss keeps its digits. The gradient flows
 * to logits and float targets; the weights are constants.
 *
 * @param logits float tensor of any shape
 * @param targets of the same shape, from 0 to 1
 * @returns a scalar; the shape of logits for `reduction: 'none'`
 * @throws {SurprisalError} `shape`, `dtype` or `argument` at the call
 */
export function binaryCrossEntropyWithLogits(
  logits: TensorLike,
  targets: TensorLike,
  options: BinaryCrossEntropyWithLogitsOptions = {},
): Tensor {
  const x = floatTensor(op, 'logits', logits)
  const t = numberTensor(op, 'targets', targets)
  requireShape(op, 'targets', t, x.shape)
  const posWeight = elementWeights(op, 'posWeight', options.posWeight, x.shape)
  const weight = elementWeights(op, 'weight', options.weight, x.shape)

  const missedPositive = t.mul(x.logSigmoid().neg())
  const missedNegative = t.neg().add(1).mul(x.neg().logSigmoid().neg())
  const losses = (posWeight ? missedPositive.mul(posWeight) : missedPositive).add(missedNegative)
  return reduce(op, weight ? losses.mul(weight) : losses, options.reduction)
}
