import type { Tensor } from '../../tensor.ts'
import { equal } from '../comparison.ts'
import { pow, sqrt } from '../powers.ts'
import { where } from '../selection.ts'

/** The square root whose derivative at 0 is 0: the gradient of a length that has none there. */
export function flatRoot(x: Tensor): Tensor {
  const zero = equal(x, 0)
  return where(zero, 0, sqrt(where(zero, 1, x)))
}

/** `|x|^p` whose derivatives at 0 are 0. */
export function flatPower(x: Tensor, p: number): Tensor {
  const zero = equal(x, 0)
  return where(zero, 0, pow(where(zero, 1, x), p))
}
