import type { AffineMap } from '../graph/affine.ts'
import { fold, permuteDims, reduce, reshapeTo, view } from '../primitive.ts'
import { type Shape, sizeOf } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { zerosOf } from './algebra.ts'

const op = 'gradients'

/**
 * The adjoint of a view. Repeated dims are summed; what then reads each element once is put back by a permutation,
 * a contiguous part by padding; anything else (overlapping windows, steps) is folded.
 */
export function viewGradient(dy: Tensor, map: AffineMap, source: Shape): Tensor {
  // Strides around an empty dim are 0 without anything being repeated.
  if (sizeOf(map.shape) === 0 || sizeOf(source) === 0) return zerosOf(source)
  if (map.guard) {
    const { low, high } = map.guard
    const inside = crop(dy, low, high)
    const offset = map.offset + low.reduce((sum, at, d) => sum + at * map.strides[d], 0)
    return viewGradient(inside, { shape: inside.shape, strides: map.strides, offset, guard: null }, source)
  }
  const repeated = map.shape.flatMap((dim, d) => (map.strides[d] === 0 && dim !== 1 ? [d] : []))
  if (repeated.length > 0) {
    const rest = map.shape.map((_, d) => d).filter(d => !repeated.includes(d))
    return viewGradient(
      reduce(op, 'sum', dy, repeated),
      { shape: rest.map(d => map.shape[d]), strides: rest.map(d => map.strides[d]), offset: map.offset, guard: null },
      source,
    )
  }
  return invertPermutation(dy, map, source) ?? fold(op, dy, map, source)
}

/** Puts the elements back when the view was a reordering of dims of the whole source, else null. */
function invertPermutation(dy: Tensor, map: AffineMap, source: Shape): Tensor | null {
  if (sizeOf(map.shape) !== sizeOf(source) || map.offset !== 0) return null
  const order = map.shape
    .map((_, d) => d)
    .sort((a, b) => map.strides[b] - map.strides[a] || map.shape[b] - map.shape[a])
  let stride = 1
  for (const d of [...order].reverse()) {
    if (map.shape[d] === 1) continue
    if (map.strides[d] !== stride) return null
    stride *= map.shape[d]
  }
  return reshapeTo(op, permuteDims(op, dy, order), source)
}

function crop(x: Tensor, low: readonly number[], high: readonly number[]): Tensor {
  const strides = new Array<number>(x.shape.length)
  let stride = 1
  for (let d = x.shape.length - 1; d >= 0; d--) {
    strides[d] = stride
    stride *= x.shape[d]
  }
  const shape = low.map((from, d) => Math.max(0, high[d] - from))
  const offset = shape.some(dim => dim === 0) ? 0 : low.reduce((sum, from, d) => sum + from * strides[d], 0)
  return view(op, x, { shape, strides, offset, guard: null })
}
