import type { Tensor, TensorLike } from '@surprisal/tensor'
import { pairOf } from '../_shared/arguments.ts'
import { type ReductionOptions, reduce } from '../_shared/reduce.ts'

/**
 * Absolute error, `|input - target|`, with gradient 0 where they meet. Its minimiser is the conditional median.
 *
 * @param input float tensor of any shape
 * @param target of the same shape; nothing is broadcast. A gradient flows to a float one as well
 * @returns a scalar; the shape of input for `reduction: 'none'`
 * @throws {SurprisalError} `shape` when the shapes differ, `dtype` when input is not float
 */
export function l1Loss(input: TensorLike, target: TensorLike, options: ReductionOptions = {}): Tensor {
  const [x, t] = pairOf('l1Loss', input, target)
  return reduce('l1Loss', x.sub(t).abs(), options.reduction)
}
