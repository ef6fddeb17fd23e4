import { contiguousStrides, type Shape, sizeOf } from '../shape.ts'

/**
 * How a view reads its source: element `i` of the view is element `offset + sum(i[d] * strides[d])` of the
 * source counted in row-major order. With a guard, places outside of the box `low <= i < high` read `fill`.
 */
export interface AffineMap {
  readonly shape: Shape
  readonly strides: readonly number[]
  readonly offset: number
  readonly guard: { readonly low: readonly number[]; readonly high: readonly number[]; readonly fill: number } | null
}

export const identityMap = (shape: Shape): AffineMap => ({
  shape,
  strides: contiguousStrides(shape),
  offset: 0,
  guard: null,
})

/** Whether the view's elements stand one after the other in the source. */
export function isContiguous(map: AffineMap): boolean {
  if (map.guard) return false
  let stride = 1
  for (let d = map.shape.length - 1; d >= 0; d--) {
    if (map.shape[d] !== 1 && map.strides[d] !== stride) return false
    stride *= map.shape[d]
  }
  return true
}

/**
 * The one map that reads through `outer` and then `inner`, or null where no strides can say it
 * (a transposed matrix flattened, for example). `outer` reads the row-major elements of `inner`'s shape.
 */
export function composeMaps(outer: AffineMap, inner: AffineMap): AffineMap | null {
  if (inner.guard) return null
  if (isContiguous(inner)) return { ...outer, offset: outer.offset + inner.offset }
  if (outer.guard || sizeOf(outer.shape) === 0) return null
  const units = contiguousStrides(inner.shape)
  const decompose = (distance: number): number[] => {
    const sign = Math.sign(distance)
    let rest = Math.abs(distance)
    return inner.shape.map((dim, d) => {
      if (dim === 1) return 0
      const steps = Math.floor(rest / units[d])
      rest -= steps * units[d]
      return sign * steps
    })
  }
  const low = decompose(outer.offset)
  const high = [...low]
  let offset = inner.offset
  for (let d = 0; d < low.length; d++) offset += low[d] * inner.strides[d]
  const strides = outer.strides.map((stride, i) => {
    if (outer.shape[i] === 1) return 0
    const steps = decompose(stride)
    let distance = 0
    for (let d = 0; d < steps.length; d++) {
      distance += steps[d] * inner.strides[d]
      const reach = steps[d] * (outer.shape[i] - 1)
      if (reach > 0) high[d] += reach
      else low[d] += reach
    }
    return distance
  })
  for (let d = 0; d < low.length; d++) if (low[d] < 0 || high[d] >= inner.shape[d]) return null
  return { shape: outer.shape, strides, offset, guard: null }
}
