import { asTensor } from '../operand.ts'
import { broadcastShapes, checkShape, type Shape, sizeOf } from '../shape.ts'
import type { Tensor, TensorLike } from '../tensor.ts'
import { mul } from './arithmetic.ts'
import { reshapeView } from './internal/views.ts'
import { broadcastTo } from './movement.ts'

const op = 'kron'

/**
 * The Kronecker product of the last two dims: the blocks `a_ij b`. Vectors count as rows; leading dims are broadcast.
 *
 * @param a `[..., m, n]`
 * @param b `[..., p, q]`
 * @returns `[..., m p, n q]` of the promoted dtype
 * @throws {SurprisalError} `shape` when leading dims cannot be broadcast
 */
export function kron(a: TensorLike, b: TensorLike): Tensor {
  const [x, y] = [asTensor(op, 'a', a), asTensor(op, 'b', b)]
  const rank = Math.max(x.shape.length, y.shape.length)
  const matrix = ({ shape }: Tensor): Shape => [...new Array<number>(Math.max(0, 2 - shape.length)).fill(1), ...shape]
  const [left, right] = [matrix(x), matrix(y)]
  const batch = broadcastShapes(op, left.slice(0, -2), right.slice(0, -2))
  const [m, n] = left.slice(-2)
  const [p, q] = right.slice(-2)
  const shape = [...batch, m * p, n * q]
  checkShape(op, shape)
  const stack = (t: Tensor, own: Shape, tail: Shape): Tensor =>
    reshapeView(op, broadcastTo(reshapeView(op, t, own), [...batch, ...own.slice(-2)]), [sizeOf(batch), ...tail])
  const blocks = mul(stack(x, left, [m, 1, n, 1]), stack(y, right, [1, p, 1, q]))
  return reshapeView(op, blocks, rank < 2 ? shape.slice(2 - rank) : shape)
}
