import type { HostArray } from '../dtype.ts'
import { dense } from './copy.ts'
import type { KernelFunction, PrimitiveOf } from './kernel-function.ts'

/** Runs a routine in plain TypeScript over dense arrays. In an exact run they are Float64Arrays. */
export const host: KernelFunction = (kernel, operands, out) => {
  const { run } = kernel.primitive as PrimitiveOf<'host'>
  run(
    operands.map(operand => dense(operand) as HostArray),
    operands.map(operand => operand.map.shape),
    out as HostArray,
  )
}
