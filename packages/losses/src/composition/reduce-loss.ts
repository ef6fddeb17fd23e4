import type { Tensor, TensorLike } from '@surprisal/tensor'
import { floatTensor } from '../_shared/arguments.ts'
import { type Reduction, reduce } from '../_shared/reduce.ts'

/**
 * Joins single losses in the way that all losses of this package do: for a loss of your own.
 *
 * @param losses float tensor of any shape
 * @param reduction `'none'` gives them back, `'mean'` and `'sum'` a scalar
 * @param denominator what the mean divides by instead of the number of losses, as a count of unmasked ones or a sum
 * of weights
 * @returns a scalar, or a tensor of the shape of `losses`; the mean of nothing is NaN
 * @throws {SurprisalError} `argument` for another reduction, `dtype` for integers
 */
export function reduceLoss(losses: TensorLike, reduction: Reduction = 'mean', denominator?: Tensor | number): Tensor {
  return reduce('reduceLoss', floatTensor('reduceLoss', 'losses', losses), reduction, denominator)
}
