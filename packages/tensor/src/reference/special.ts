import { denseWalk } from './copy.ts'
import type { KernelFunction, PrimitiveOf } from './kernel-function.ts'
import { forEachRun, loopNest } from './nest.ts'
import { specialFunctions } from './special-functions.ts'

/** One of the functions that generated code does not have, element by element. */
export const special: KernelFunction = (kernel, [x], out) => {
  const { f } = kernel.primitive as PrimitiveOf<'unary'>
  const apply = specialFunctions[f as keyof typeof specialFunctions]
  const { data } = x
  const nest = loopNest(kernel.shape, [denseWalk(kernel.shape), x.map])
  const [so, si] = nest.inner
  forEachRun(nest, ([o, i]) => {
    for (let k = 0; k < nest.count; k++, o += so, i += si) out[o] = apply(data[i])
  })
}
