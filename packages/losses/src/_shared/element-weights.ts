import type { Shape, Tensor, TensorLike } from '@surprisal/tensor'
import { fail, floatTensor, shapeText } from './arguments.ts'

/** Constant weights that can be broadcast to `shape` over its trailing dims, or null. */
export function elementWeights(
  op: string,
  name: string,
  weight: TensorLike | null | undefined,
  shape: Shape,
): Tensor | null {
  if (weight === undefined || weight === null) return null
  const w = floatTensor(op, name, weight).detach()
  const trailing = shape.slice(Math.max(0, shape.length - w.ndim))
  if (w.ndim > shape.length || w.shape.some((size, d) => size !== 1 && size !== trailing[d]))
    fail('shape', op, `${name} has shape ${shapeText(w.shape)}, expected one that broadcasts to ${shapeText(shape)}`)
  return w
}
