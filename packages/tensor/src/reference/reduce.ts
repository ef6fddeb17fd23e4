import type { DType } from '../dtype.ts'
import { isFloat } from '../dtype.ts'
import type { ReduceName } from '../graph/node.ts'
import { contiguousStrides, type Shape } from '../shape.ts'
import type { BinaryFunction } from './binary-functions.ts'
import type { ElementArray, KernelFunction, KernelOperand, PrimitiveOf } from './kernel-function.ts'
import { forEachRun, loopNest } from './nest.ts'
import { columnLoops, combineColumns, combineRow, rowLoops } from './reduce-loops.ts'

type Fold = Exclude<ReduceName, 'argmax' | 'argmin'>

const identity: Readonly<Record<Fold, number>> = {
  sum: 0,
  prod: 1,
  max: Number.NEGATIVE_INFINITY,
  min: Number.POSITIVE_INFINITY,
  any: 0,
  all: 1,
}

const or: BinaryFunction = (a, b) => (a !== 0 || b !== 0 ? 1 : 0)
const and: BinaryFunction = (a, b) => (a !== 0 && b !== 0 ? 1 : 0)

function combination(f: Fold, dtype: DType): BinaryFunction {
  if (f === 'max') return Math.max
  if (f === 'min') return Math.min
  if (f === 'any' || (f === 'sum' && dtype === 'bool')) return or
  if (f === 'all' || (f === 'prod' && dtype === 'bool')) return and
  if (f === 'sum') return isFloat(dtype) ? (a, b) => a + b : (a, b) => (a + b) | 0
  return isFloat(dtype) ? (a, b) => a * b : Math.imul
}

/** Strides of the result over the dims of the operand: 0 along the reduced ones. */
function resultStrides(shape: Shape, dims: readonly number[]): number[] {
  const strides = contiguousStrides(shape.map((dim, d) => (dims.includes(d) ? 1 : dim)))
  return strides.map((stride, d) => (dims.includes(d) ? 0 : stride))
}

/** Position of an element among those reduced with it, as strides over the dims of the operand. */
function positionStrides(shape: Shape, dims: readonly number[]): number[] {
  const strides = contiguousStrides(shape.map((dim, d) => (dims.includes(d) ? dim : 1)))
  return strides.map((stride, d) => (dims.includes(d) ? stride : 0))
}

/** The operand is walked once in its own order, while a float64 array holds what has been gathered so far. */
function foldInto(f: Fold, dims: readonly number[], { data, dtype, map }: KernelOperand, out: ElementArray): void {
  const gathered = out instanceof Float64Array ? out : new Float64Array(out.length)
  gathered.fill(identity[f])
  const nest = loopNest(map.shape, [{ strides: resultStrides(map.shape, dims), offset: 0 }, map])
  const [so, si] = nest.inner
  const n = nest.count
  const row = rowLoops[f]
  const column = columnLoops[f]
  if (row && column && data instanceof Float32Array)
    forEachRun(nest, ([o, i]) => {
      if (so === 0) gathered[o] = row(gathered[o], data, i, si, n)
      else column(gathered, o, so, data, i, si, n)
    })
  else {
    const combine = combination(f, dtype)
    forEachRun(nest, ([o, i]) => {
      if (so === 0) gathered[o] = combineRow(combine, gathered[o], data, i, si, n)
      else combineColumns(combine, gathered, o, so, data, i, si, n)
    })
  }
  if (gathered !== out) out.set(gathered)
}

/** The lowest position wins among equals, and the first NaN over everything, in whatever order they are met. */
function positionOf(sign: 1 | -1, dims: readonly number[], { data, map }: KernelOperand, out: ElementArray): void {
  const best = new Float64Array(out.length)
  const { shape } = map
  const nest = loopNest(shape, [
    { strides: resultStrides(shape, dims), offset: 0 },
    map,
    { strides: positionStrides(shape, dims), offset: 0 },
  ])
  const [so, si, sp] = nest.inner
  out.fill(-1)
  forEachRun(nest, ([o, i, position]) => {
    for (let k = 0; k < nest.count; k++, o += so, i += si, position += sp) {
      const x = sign * data[i]
      const leader = best[o]
      const better =
        out[o] < 0 ||
        (Number.isNaN(x)
          ? !Number.isNaN(leader) || position < out[o]
          : x > leader || (x === leader && position < out[o]))
      if (!better) continue
      best[o] = x
      out[o] = position
    }
  })
}

/** Reduces dims of one operand; sums and products of floats gather in float64. */
export const reduce: KernelFunction = (kernel, [x], out) => {
  const { f, dims } = kernel.primitive as PrimitiveOf<'reduce'>
  if (f === 'argmax' || f === 'argmin') positionOf(f === 'argmax' ? 1 : -1, dims, x, out)
  else foldInto(f, dims, x, out)
}
