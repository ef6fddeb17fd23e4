import { sizeOf } from '@surprisal/tensor/backend'
import { castExpression, loadElement } from '../../wgsl/elements.ts'
import type { GroupKernel } from '../../wgsl/group-kernel.ts'
import { Params } from '../../wgsl/params.ts'
import { Binder } from '../binder.ts'
import { kernelOf } from '../kernel-of.ts'
import { Walk } from '../walk.ts'
import type { Operand } from './operand.ts'

const workgroup = 64

/** A kernel that reports indices which are not below `size`, of the operand in a buffer. */
export function lowerCheck({ dtype, map }: Operand, buffer: number, size: number): GroupKernel {
  const params = new Params()
  const binder = new Binder()
  const index = binder.read(buffer, 'index')
  binder.status()
  const count = sizeOf(map.shape)
  params.setUnits(count)
  const walk = new Walk(params, map.shape, [map])
  const lines = [
    `let i = group * ${workgroup}u + l;`,
    'if (i >= p[0].x) { return; }',
    ...walk.coordinates('i'),
    `let at = ${walk.index(map)};`,
    `let place = u32(${castExpression(dtype, 'int32', loadElement(dtype, index, 'at'))});`,
    `if (place >= ${params.word(size)}) { reportIndex(0u, place); }`,
  ]
  return kernelOf({ params, binder, workgroup, groups: Math.ceil(count / workgroup), lines })
}
