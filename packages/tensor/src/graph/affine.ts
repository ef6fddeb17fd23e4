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

/** Reads one element over and over. */
export const splatMap = (shape: Shape): AffineMap => ({ shape, strides: shape.map(() => 0), offset: 0, guard: null })

/** The same reading order with dims joined that follow one another in the source, so that fewer splits are needed. */
function joinDims(map: AffineMap): AffineMap {
  const shape: number[] = []
  const strides: number[] = []
  map.shape.forEach((dim, d) => {
    const last = shape.length - 1
    if (dim === 1) return
    if (last >= 0 && strides[last] === map.strides[d] * dim) {
      shape[last] *= dim
      strides[last] = map.strides[d]
    } else {
      shape.push(dim)
      strides.push(map.strides[d])
    }
  })
  return { shape, strides, offset: map.offset, guard: null }
}

/**
 * The one map that reads through `outer` and then `through`, or null where no strides can say it
 * (a transposed matrix flattened, for example). `outer` reads the row-major elements of `through`'s shape.
 */
export function composeMaps(outer: AffineMap, through: AffineMap): AffineMap | null {
  if (through.guard) return null
  if (isContiguous(through)) return { ...outer, offset: outer.offset + through.offset }
  if (outer.guard) return null
  if (sizeOf(outer.shape) === 0)
    return { shape: outer.shape, strides: outer.shape.map(() => 0), offset: 0, guard: null }
  const inner = joinDims(through)
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
