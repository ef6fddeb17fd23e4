import type { Tensor, TensorLike } from '@surprisal/tensor'
import { pairOf } from '../_shared/arguments.ts'
import { type ReductionOptions, reduce } from '../_shared/reduce.ts'

/**
 * Logarithm of the hyperbolic cosine of the error: `d^2 / 2` near 0, `|d| - log 2` far away, smooth everywhere.
 *
 * ```text
 * d = input - target,   loss = log cosh d = d + softplus(-2 d) - log 2
 * ```
 *
 * @param input float tensor of any shape
 * @param target of the same shape; nothing is broadcast. A gradient flows to a float one as well
 * @returns a scalar; the shape of input for `reduction: 'none'`
 * @throws {SurprisalError} `shape` when the shapes differ, `dtype` when input is not float
 */
export function logCoshLoss(input: TensorLike, target: TensorLike, options: ReductionOptions = {}): Tensor {
  const [x, t] = pairOf('logCoshLoss', input, target)
  const d = x.sub(t)
  return reduce('logCoshLoss', d.sub(d.mul(2).logSigmoid()).sub(Math.LN2), options.reduction)
}
