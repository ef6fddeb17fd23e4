import type { GroupKernel } from '../../wgsl/group-kernel.ts'
import type { Params } from '../../wgsl/params.ts'
import { kernelOf } from '../kernel-of.ts'
import type { Finish } from './finish.ts'
import { sumType } from './operand.ts'
import type { Product } from './product.ts'

const workgroup = 64

/** Adds the parts of a product's elements, in their order, and finishes them. */
export function lowerJoinParts(
  { batch, rows, columns, dtype }: Product,
  parts: number,
  from: number,
  params: Params,
  { binder, text }: Finish,
): GroupKernel {
  const count = batch * rows * columns
  const type = sumType(dtype)
  const parted = binder.read(from, 'parted')
  params.setUnits(count)
  const lines = [
    `let i = group * ${workgroup}u + l;`,
    'if (i >= p[0].x) { return; }',
    `var sum = ${type}(0);`,
    `for (var part = 0u; part < ${params.word(parts)}; part++) { sum += bitcast<${type}>(${parted}[part * p[0].x + i]); }`,
    'finish(i, sum);',
  ]
  return kernelOf({ params, binder, workgroup, groups: Math.ceil(count / workgroup), lines, declarations: text })
}
