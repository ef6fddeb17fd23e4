import { customGradient, type Tensor, type TensorLike } from '@surprisal/tensor'
import { floatTensor, numberTensor, requireShape } from '../_shared/arguments.ts'
import { checked } from '../_shared/checked.ts'
import { elementWeights } from '../_shared/element-weights.ts'
import { type ReductionOptions, reduce } from '../_shared/reduce.ts'

/** Options of {@link binaryCrossEntropy}. */
export interface BinaryCrossEntropyOptions extends ReductionOptions {
  /** Factor of the elements, broadcast over the trailing dims. @default none */
  weight?: TensorLike | null
}

const op = 'binaryCrossEntropy'

/** `max(log p, -100)` and the same of `1 - p`. */
const logarithms = (p: Tensor): [Tensor, Tensor] => [p.log().maximum(-100), p.neg().log1p().maximum(-100)]

/** With the gradient of the unclamped logarithms, its denominator held away from 0. */
const elementLosses = /* @__PURE__ */ customGradient(
  (p, t) => {
    const [logp, logq] = logarithms(p)
    return t.mul(logp).add(t.neg().add(1).mul(logq)).neg()
  },
  (dy, [p, t]) => {
    const [logp, logq] = logarithms(p)
    const slope = p.sub(t).div(p.mul(p.neg().add(1)).maximum(1e-12))
    return [dy.mul(slope), dy.mul(logq.sub(logp))]
  },
)

/**
 * Binary cross-entropy of probabilities. Prefer {@link binaryCrossEntropyWithLogits} where there are logits.
 *
 * ```text
 * loss = -weight (t max(log p, -100) + (1 - t) max(log(1 - p), -100))
 * d loss / d p = weight (p - t) / max(p (1 - p), 1e-12)
 * ```
 *
 * @param probs float tensor of any shape, from 0 to 1
 * @param targets of the same shape, from 0 to 1; a gradient flows to float ones as well
 * @returns a scalar; the shape of probs for `reduction: 'none'`
 * @throws {SurprisalError} `shape`, `dtype` or `argument` at the call; `argument` at the read for a probability
 * outside [0, 1]
 */
export function binaryCrossEntropy(
  probs: TensorLike,
  targets: TensorLike,
  options: BinaryCrossEntropyOptions = {},
): Tensor {
  const x = floatTensor(op, 'probs', probs)
  const t = numberTensor(op, 'targets', targets)
  requireShape(op, 'targets', t, x.shape)
  const weight = elementWeights(op, 'weight', options.weight, x.shape)

  // NaN is let through, so that it shows in the loss and not as a wrong argument.
  const p = checked(op, 'probs', x, value => !(value < 0 || value > 1), 'out of range [0, 1]')
  const losses = elementLosses(p, t)
  return reduce(op, weight ? losses.mul(weight) : losses, options.reduction)
}
