import type { Tensor, TensorLike } from '../../tensor.ts'
import { lessEqual } from '../comparison.ts'
import { where } from '../selection.ts'
import { activation } from './pointwise.ts'

/**
 * `negative(x)` where x <= 0 and `positive(x)` elsewhere, NaN included. `negative` sees 0 instead of the numbers it is
 * not meant for, so that neither value nor gradient can overflow there.
 */
export function branches(
  op: string,
  x: TensorLike,
  negative: (x: Tensor) => Tensor,
  positive: (x: Tensor) => Tensor = y => y,
): Tensor {
  return activation(op, x, y => {
    const below = lessEqual(y, 0)
    return where(below, negative(where(below, y, 0)), positive(y))
  })
}
