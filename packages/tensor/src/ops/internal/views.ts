import type { DType } from '../../dtype.ts'
import { broadcastTo, concatenate, constant, view } from '../../primitive.ts'
import { contiguousStrides, type Shape, sizeOf } from '../../shape.ts'
import { leaf, type Tensor } from '../../tensor.ts'
import { replaceDim } from './arguments.ts'

/*
 * Views that several ops are made of. Each is a new tensor even where it changes nothing, so that disposing of the
 * result of an op never disposes of its input.
 */

export function stridedView(op: string, x: Tensor, shape: Shape, strides: readonly number[], offset = 0): Tensor {
  return view(op, x, { shape, strides, offset: sizeOf(shape) === 0 ? 0 : offset, guard: null })
}

export const reshapeView = (op: string, x: Tensor, shape: Shape): Tensor =>
  stridedView(op, x, shape, contiguousStrides(shape))

export const sameView = (op: string, x: Tensor): Tensor => reshapeView(op, x, x.shape)

/** `length` elements along one dim: from `start`, `step` apart (negative: backwards). */
export function sliceView(op: string, x: Tensor, dim: number, start: number, length: number, step = 1): Tensor {
  const strides = contiguousStrides(x.shape)
  const offset = start * strides[dim]
  strides[dim] *= step
  return stridedView(op, x, replaceDim(x.shape, dim, length), strides, offset)
}

/** One index along a dim, which goes away. */
export function selectView(op: string, x: Tensor, dim: number, index: number): Tensor {
  const strides = contiguousStrides(x.shape)
  const offset = index * strides[dim]
  return stridedView(op, x, replaceDim(x.shape, dim), replaceDim(strides, dim), offset)
}

export function permuteView(op: string, x: Tensor, order: readonly number[]): Tensor {
  const strides = contiguousStrides(x.shape)
  return stridedView(
    op,
    x,
    order.map(d => x.shape[d]),
    order.map(d => strides[d]),
  )
}

/** The elements `distance` places earlier along a dim (negative: later), `fill` where there are none. */
export function shiftView(op: string, x: Tensor, dim: number, distance: number, fill: number): Tensor {
  const strides = contiguousStrides(x.shape)
  const size = x.shape[dim]
  const low = x.shape.map((_, d) => (d === dim ? Math.min(size, Math.max(0, distance)) : 0))
  const high = x.shape.map((other, d) => (d === dim ? Math.max(0, Math.min(size, size + distance)) : other))
  return view(op, x, { shape: x.shape, strides, offset: -distance * strides[dim], guard: { low, high, fill } })
}

/** Joins along one dim, leaving out what is empty. */
export function joinViews(op: string, parts: readonly Tensor[], dim: number): Tensor {
  const filled = parts.filter(part => part.shape[dim] > 0)
  if (filled.length === 0) return sameView(op, parts[0])
  return filled.length === 1 ? sameView(op, filled[0]) : concatenate(op, filled, dim)
}

/** Positions known when the graph is built, as an int32 vector. */
export const indexLeaf = (op: string, indices: readonly number[]): Tensor =>
  leaf(op, Int32Array.from(indices), 'int32', [indices.length])

/** One value, an element of `dtype`, in every place. */
export const spread = (op: string, value: number, dtype: DType, shape: Shape): Tensor =>
  broadcastTo(op, constant(op, value, dtype), shape)
