import { type DType, integerRange, isFloat } from '../dtype.ts'
import { binaryFunction } from './binary-functions.ts'
import { arithmeticLoops, comparisonLoops, logicLoops, mapBinary } from './binary-loops.ts'
import { copyStrided, denseWalk } from './copy.ts'
import type { ElementArray, KernelFunction, PrimitiveOf } from './kernel-function.ts'
import { forEachRun, loopNest } from './nest.ts'
import { type UnaryFunction, unaryFunction } from './unary-functions.ts'
import { mapUnary, notLoop, unaryLoops } from './unary-loops.ts'

/** One function of one operand, element by element. */
export const unary: KernelFunction = (kernel, [x], out) => {
  const { f } = kernel.primitive as PrimitiveOf<'unary'>
  const nest = loopNest(kernel.shape, [denseWalk(kernel.shape), x.map])
  const [so, si] = nest.inner
  const loop = unaryLoops[f]
  const { data } = x
  if (loop && data instanceof Float32Array && out instanceof Float32Array)
    forEachRun(nest, at => loop(out, at[0], so, data, at[1], si, nest.count))
  else if (f === 'logicalNot' && data instanceof Uint8Array && out instanceof Uint8Array && x.dtype === 'bool')
    forEachRun(nest, at => notLoop(out, at[0], so, data, at[1], si, nest.count))
  else {
    const apply = unaryFunction(f, x.dtype)
    forEachRun(nest, at => mapUnary(apply, out, at[0], so, data, at[1], si, nest.count))
  }
}

/** One function of two operands of the output's shape, element by element. */
export const binary: KernelFunction = (kernel, [x, y], out) => {
  const { f } = kernel.primitive as PrimitiveOf<'binary'>
  const nest = loopNest(kernel.shape, [denseWalk(kernel.shape), x.map, y.map])
  const [so, si, sj] = nest.inner
  const n = nest.count
  const a = x.data
  const b = y.data
  const floats = a instanceof Float32Array && b instanceof Float32Array
  const arithmetic = arithmeticLoops[f]
  const comparison = comparisonLoops[f]
  const logic = x.dtype === 'bool' ? logicLoops[f] : undefined
  if (floats && arithmetic && out instanceof Float32Array)
    forEachRun(nest, at => arithmetic(out, at[0], so, a, at[1], si, b, at[2], sj, n))
  else if (floats && comparison && out instanceof Uint8Array)
    forEachRun(nest, at => comparison(out, at[0], so, a, at[1], si, b, at[2], sj, n))
  else if (logic && a instanceof Uint8Array && b instanceof Uint8Array && out instanceof Uint8Array)
    forEachRun(nest, at => logic(out, at[0], so, a, at[1], si, b, at[2], sj, n))
  else {
    const apply = binaryFunction(f, x.dtype)
    forEachRun(nest, at => mapBinary(apply, out, at[0], so, a, at[1], si, b, at[2], sj, n))
  }
}

const pair = new Float32Array(2)

/** Picks from a pair in memory, as a branch on a random condition is mispredicted half of the time. */
function chooseFloats(
  out: Float32Array,
  o: number,
  so: number,
  c: Uint8Array,
  h: number,
  sh: number,
  a: Float32Array,
  i: number,
  si: number,
  b: Float32Array,
  j: number,
  sj: number,
  n: number,
): void {
  for (let k = 0; k < n; k++, o += so, h += sh, i += si, j += sj) {
    pair[0] = b[j]
    pair[1] = a[i]
    out[o] = pair[Number(c[h] !== 0)]
  }
}

function chooseAny(
  out: ElementArray,
  o: number,
  so: number,
  c: ElementArray,
  h: number,
  sh: number,
  a: ElementArray,
  i: number,
  si: number,
  b: ElementArray,
  j: number,
  sj: number,
  n: number,
): void {
  for (let k = 0; k < n; k++, o += so, h += sh, i += si, j += sj) out[o] = c[h] !== 0 ? a[i] : b[j]
}

/** The second operand where the first is true, the third elsewhere. */
export const select: KernelFunction = (kernel, [condition, x, y], out) => {
  const nest = loopNest(kernel.shape, [denseWalk(kernel.shape), condition.map, x.map, y.map])
  const [so, sh, si, sj] = nest.inner
  const n = nest.count
  const c = condition.data
  const a = x.data
  const b = y.data
  if (c instanceof Uint8Array && a instanceof Float32Array && b instanceof Float32Array && out instanceof Float32Array)
    forEachRun(nest, at => chooseFloats(out, at[0], so, c, at[1], sh, a, at[2], si, b, at[3], sj, n))
  else forEachRun(nest, at => chooseAny(out, at[0], so, c, at[1], sh, a, at[2], si, b, at[3], sj, n))
}

/** Truncation toward zero that stops at the ends of the range; NaN gives 0. */
function saturating(dtype: 'int32' | 'uint8' | 'int8'): UnaryFunction {
  const [low, high] = integerRange[dtype]
  return x => (x >= high ? high : x > low ? x : x <= low ? low : 0)
}

/** The function of a cast, or null where storing the number in the new array converts it. */
function conversion(from: DType, to: DType): UnaryFunction | null {
  if (to === 'bool') return x => (x !== 0 ? 1 : 0)
  return isFloat(from) && !isFloat(to) ? saturating(to as 'int32') : null
}

/** The operand in another dtype: floats saturate to integers, integers wrap to narrower ones. */
export const cast: KernelFunction = (kernel, [x], out) => {
  const to = denseWalk(kernel.shape)
  const convert = conversion(x.dtype, kernel.dtype)
  if (!convert) return copyStrided(out, to, x.data, x.map, kernel.shape)
  const nest = loopNest(kernel.shape, [to, x.map])
  const [so, si] = nest.inner
  forEachRun(nest, at => mapUnary(convert, out, at[0], so, x.data, at[1], si, nest.count))
}
