import { isContiguous } from '../graph/affine.ts'
import { contiguousStrides, type Shape, sizeOf } from '../shape.ts'
import type { ElementArray, KernelOperand } from './kernel-function.ts'
import { forEachRun, type LoopNest, loopNest, type Walk } from './nest.ts'

/** From this length on, a bulk copy is faster than a loop. */
const bulk = 48
const tile = 32

/*
 * The two loops are the same; each of them sees so few array types that it is compiled well.
 */

function copyFloats(out: Float32Array, o: number, so: number, x: Float32Array, i: number, si: number, n: number): void {
  for (let k = 0; k < n; k++, o += so, i += si) out[o] = x[i]
}

function copyAny(out: ElementArray, o: number, so: number, x: ElementArray, i: number, si: number, n: number): void {
  for (let k = 0; k < n; k++, o += so, i += si) out[o] = x[i]
}

/** `out[o + k * so] = x[i + k * si]` for n elements. */
export function copyRun(
  out: ElementArray,
  o: number,
  so: number,
  x: ElementArray,
  i: number,
  si: number,
  n: number,
): void {
  if (so === 1 && si === 1 && n >= bulk) out.set(x.subarray(i, i + n), o)
  else if (so === 1 && si === 0) out.fill(x[i], o, o + n)
  else if (out instanceof Float32Array && x instanceof Float32Array) copyFloats(out, o, so, x, i, si, n)
  else copyAny(out, o, so, x, i, si, n)
}

/** Copies the box of `shape` that `from` walks in `x` to the places that `to` walks in `out`. */
export function copyStrided(out: ElementArray, to: Walk, x: ElementArray, from: Walk, shape: Shape): void {
  const nest = loopNest(shape, [to, from])
  const across = nest.steps.findIndex(([, stride]) => Math.abs(stride) === 1)
  const [so, si] = nest.inner
  if (across >= 0 && Math.abs(si) > 1) copyTiles(out, x, nest, across)
  else forEachRun(nest, ([o, i]) => copyRun(out, o, so, x, i, si, nest.count))
}

/** A transposing copy in square tiles, so that the lines read stay in the cache until all of them is used. */
function copyTiles(out: ElementArray, x: ElementArray, nest: LoopNest, across: number): void {
  const rows = nest.outer[across]
  const [ro, ri] = nest.steps[across]
  const [so, si] = nest.inner
  const rest: LoopNest = {
    ...nest,
    outer: nest.outer.filter((_, d) => d !== across),
    steps: nest.steps.filter((_, d) => d !== across),
  }
  forEachRun(rest, ([o, i]) => {
    for (let row = 0; row < rows; row += tile)
      for (let k = 0; k < nest.count; k += tile) {
        const high = Math.min(row + tile, rows)
        const n = Math.min(tile, nest.count - k)
        for (let r = row; r < high; r++) copyRun(out, o + r * ro + k * so, so, x, i + r * ri + k * si, si, n)
      }
  })
}

/** The elements of an operand one after the other; a part of its own array where they already stand so. */
export function dense({ data, map }: KernelOperand): ElementArray {
  const size = sizeOf(map.shape)
  if (isContiguous(map))
    return map.offset === 0 && data.length === size ? data : data.subarray(map.offset, map.offset + size)
  const out = new (data.constructor as new (size: number) => ElementArray)(size)
  copyStrided(out, denseWalk(map.shape), data, map, map.shape)
  return out
}

/** The walk of a dense row-major array. */
export const denseWalk = (shape: Shape): Walk => ({ strides: contiguousStrides(shape), offset: 0 })
