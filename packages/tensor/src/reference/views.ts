import type { AffineMap } from '../graph/affine.ts'
import { sizeOf } from '../shape.ts'
import { copyStrided, denseWalk } from './copy.ts'
import type { ElementArray, KernelFunction, PrimitiveOf } from './kernel-function.ts'
import { forEachRun, loopNest, type Walk } from './nest.ts'

/** The part of a view that reads its source: a box, and the walks of it in the view and in the source. */
function insideGuard(map: AffineMap): { shape: number[]; view: Walk; source: Walk } {
  const view = denseWalk(map.shape)
  const low = map.shape.map((_, d) => Math.max(0, map.guard?.low[d] ?? 0))
  const shape = map.shape.map((dim, d) => Math.max(0, Math.min(dim, map.guard?.high[d] ?? dim) - low[d]))
  const start = (walk: Walk): Walk => ({
    strides: walk.strides,
    offset: low.reduce((offset, i, d) => offset + i * walk.strides[d], walk.offset),
  })
  return { shape, view: start(view), source: start(map) }
}

/** A dense copy of a strided read, with what lies outside of the guard filled. */
export const view: KernelFunction = (_kernel, [x], out) => {
  const box = insideGuard(x.map)
  if (x.map.guard && sizeOf(box.shape) < out.length) out.fill(x.map.guard.fill)
  copyStrided(out, box.view, x.data, box.source, box.shape)
}

/** Whether no two places of the view read the same element: each stride exceeds the reach of the smaller ones. */
function isInjective(map: AffineMap): boolean {
  const dims = map.shape
    .map((dim, d) => ({ dim, stride: Math.abs(map.strides[d]) }))
    .filter(({ dim }) => dim > 1)
    .sort((a, b) => a.stride - b.stride)
  let reach = 0
  return dims.every(({ dim, stride }) => {
    const apart = stride > reach
    reach += stride * (dim - 1)
    return apart
  })
}

function addRun(sums: Float64Array, o: number, so: number, x: ElementArray, i: number, si: number, n: number): void {
  for (let k = 0; k < n; k++, o += so, i += si) sums[o] += x[i]
}

/** Zeros, with every element added where the view read it; overlaps are summed in float64. */
export const fold: KernelFunction = (kernel, [x], out) => {
  const { map } = kernel.primitive as PrimitiveOf<'fold'>
  const box = insideGuard(map)
  const from: Walk = {
    strides: x.map.strides,
    offset: box.shape.reduce(
      (offset, _, d) => offset + Math.max(0, map.guard?.low[d] ?? 0) * x.map.strides[d],
      x.map.offset,
    ),
  }
  if (isInjective(map)) {
    out.fill(0)
    return copyStrided(out, box.source, x.data, from, box.shape)
  }
  const sums = out instanceof Float64Array ? out.fill(0) : new Float64Array(out.length)
  const nest = loopNest(box.shape, [box.source, from])
  const [so, si] = nest.inner
  forEachRun(nest, ([o, i]) => addRun(sums, o, so, x.data, i, si, nest.count))
  if (kernel.dtype === 'bool') for (let k = 0; k < out.length; k++) out[k] = sums[k] !== 0 ? 1 : 0
  else if (sums !== out) out.set(sums)
}
