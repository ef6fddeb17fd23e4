import { withRule } from '../../primitive.ts'
import type { Tensor } from '../../tensor.ts'
import {
  byFlippedWeights,
  byOverlapAdding,
  type Convolution,
  correlate,
  weightProduct,
} from './convolution-products.ts'

/*
 * The three products of one convolution. Each is linear in both factors, and the gradients of each are the other two,
 * so that they can be differentiated any number of times.
 */

/** y of x and weight. */
export function convolve(c: Convolution, x: Tensor, weight: Tensor): Tensor {
  return withRule(c.op, correlate(c, x, weight), [x, weight], (dy, [x, weight]) => [
    convolveBack(c, dy, weight),
    convolveWeights(c, x, dy),
  ])
}

/** The adjoint of {@link convolve} in x: a tensor like x, of one like y and of weight. */
export function convolveBack(c: Convolution, y: Tensor, weight: Tensor): Tensor {
  const dense = c.windows.stride.every(step => step === 1)
  const x = dense ? byFlippedWeights(c, y, weight) : byOverlapAdding(c, y, weight)
  return withRule(c.op, x, [y, weight], (dx, [y, weight]) => [convolve(c, dx, weight), convolveWeights(c, dx, y)])
}

/** The adjoint of {@link convolve} in weight: a tensor like weight, of x and of one like y. */
function convolveWeights(c: Convolution, x: Tensor, y: Tensor): Tensor {
  return withRule(c.op, weightProduct(c, x, y), [x, y], (dw, [x, y]) => [convolveBack(c, y, dw), convolve(c, x, dw)])
}
