import { isFloat } from '../dtype.ts'
import { SurprisalError } from '../error.ts'
import type { ScatterName } from '../graph/node.ts'
import { contiguousStrides } from '../shape.ts'
import type { BinaryFunction } from './binary-functions.ts'
import { copyStrided, denseWalk } from './copy.ts'
import type { KernelFunction, PrimitiveOf } from './kernel-function.ts'
import { forEachRun, loopNest, type Walk } from './nest.ts'

/** The error of an index that its dim does not have. */
export function outOfRange(op: string, index: number, dim: number, size: number): SurprisalError {
  return new SurprisalError('index', `${op}: index ${index} is out of range for dim ${dim} with size ${size}`)
}

const without = (strides: readonly number[], dim: number): number[] => strides.map((s, d) => (d === dim ? 0 : s))

/** Reads one element along a dim for every element of the index. */
export const gather: KernelFunction = (kernel, [x, index], out) => {
  const { dim, op } = kernel.primitive as PrimitiveOf<'gather'>
  const size = x.map.shape[dim]
  const along = x.map.strides[dim]
  const from: Walk = { strides: without(x.map.strides, dim), offset: x.map.offset }
  const nest = loopNest(kernel.shape, [denseWalk(kernel.shape), from, index.map])
  const [so, si, sj] = nest.inner
  forEachRun(nest, ([o, i, j]) => {
    for (let k = 0; k < nest.count; k++, o += so, i += si, j += sj) {
      const at = index.data[j]
      if (at < 0 || at >= size) throw outOfRange(op, at, dim, size)
      out[o] = x.data[i + at * along]
    }
  })
}

function combination(f: ScatterName, float: boolean, bool: boolean): BinaryFunction {
  switch (f) {
    case 'set':
      return (_, b) => b
    case 'add':
      return bool ? (a, b) => a | b : float ? (a, b) => a + b : (a, b) => (a + b) | 0
    case 'mul':
      return bool ? (a, b) => a & b : float ? (a, b) => a * b : Math.imul
    case 'max':
      return Math.max
    case 'min':
      return Math.min
  }
}

/** Puts every element of the source where the index says along a dim, into a copy of the base. */
export const scatter: KernelFunction = (kernel, [base, index, source], out) => {
  const { f, dim, op } = kernel.primitive as PrimitiveOf<'scatter'>
  const float = isFloat(kernel.dtype)
  const combine = combination(f, float, kernel.dtype === 'bool')
  // Sums and products of floats gather in float64 and are rounded once.
  const target =
    float && (f === 'add' || f === 'mul') && !(out instanceof Float64Array) ? new Float64Array(out.length) : out
  copyStrided(target, denseWalk(kernel.shape), base.data, base.map, kernel.shape)
  const size = kernel.shape[dim]
  const strides = contiguousStrides(kernel.shape)
  const along = strides[dim]
  const to: Walk = { strides: without(strides, dim), offset: 0 }
  // Elements that collide stand on one line along `dim`, and every nest keeps the order of a line.
  const nest = loopNest(index.map.shape, [to, index.map, source.map])
  const [so, sj, ss] = nest.inner
  forEachRun(nest, ([o, j, s]) => {
    for (let k = 0; k < nest.count; k++, o += so, j += sj, s += ss) {
      const at = index.data[j]
      if (at < 0 || at >= size) throw outOfRange(op, at, dim, size)
      const place = o + at * along
      target[place] = combine(target[place], source.data[s])
    }
  })
  if (target !== out) out.set(target)
}
