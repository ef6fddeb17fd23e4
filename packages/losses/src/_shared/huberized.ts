import type { Tensor } from '@surprisal/tensor'

/**
 * `d^2 / 2` up to |d| = delta and its tangent beyond. One formula for both sides, `c (|d| - c / 2)` with
 * `c = min(|d|, delta)`, squares nothing that could overflow.
 */
export function huberized(difference: Tensor, delta: number): Tensor {
  const size = difference.abs()
  const clipped = size.clamp({ max: delta })
  return clipped.mul(size.sub(clipped.mul(0.5)))
}
