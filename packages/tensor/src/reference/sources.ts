import { roundToHalf } from '../dtype.ts'
import { fillThreefryBits } from '../threefry.ts'
import { copyStrided, denseWalk } from './copy.ts'
import type { KernelFunction, PrimitiveOf } from './kernel-function.ts'

/** `start + i * step`, rounded once. */
export const iota: KernelFunction = (kernel, _operands, out) => {
  const { start, step } = kernel.primitive as PrimitiveOf<'iota'>
  const half = kernel.dtype === 'float16' && !(out instanceof Float64Array)
  for (let i = 0; i < out.length; i++) {
    const value = start + i * step
    out[i] = half ? roundToHalf(value) : value
  }
}

/** Threefry bits at the row-major index. */
export const random: KernelFunction = (kernel, _operands, out) => {
  fillThreefryBits((kernel.primitive as PrimitiveOf<'random'>).key, 0, out as Int32Array)
}

/** Copies the parts one after the other along a dim. */
export const cat: KernelFunction = (kernel, parts, out) => {
  const { dim } = kernel.primitive as PrimitiveOf<'cat'>
  const { strides } = denseWalk(kernel.shape)
  let at = 0
  for (const { data, map } of parts) {
    copyStrided(out, { strides, offset: at * strides[dim] }, data, map, map.shape)
    at += map.shape[dim]
  }
}
