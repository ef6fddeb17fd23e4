import type { Tensor, TensorLike } from '@surprisal/tensor'
import { pairOf } from '../_shared/arguments.ts'
import { type ReductionOptions, reduce } from '../_shared/reduce.ts'

/**
 * Squared error, `(input - target)^2`. Its minimiser is the conditional mean.
 *
 * @param input float tensor of any shape
 * @param target of the same shape; nothing is broadcast. A gradient flows to a float one as well
 * @returns a scalar; the shape of input for `reduction: 'none'`
 * @throws {SurprisalError} `shape` when the shapes differ, `dtype` when input is not float
 */
export function mseLoss(input: TensorLike, target: TensorLike, options: ReductionOptions = {}): Tensor {
  const [x, t] = pairOf('mseLoss', input, target)
  return reduce('mseLoss', x.sub(t).square(), options.reduction)
}
