import { type Access, sizeOf } from '@surprisal/tensor/backend'
import { castExpression, loadElement } from '../../wgsl/elements.ts'
import { outsideValue } from '../../wgsl/instruction.ts'
import { Params } from '../../wgsl/params.ts'
import { Binder } from '../binder.ts'
import { elementKernel } from '../element-kernel.ts'
import { type LoweredStep, nothing } from '../lowered-step.ts'
import { Walk } from '../walk.ts'
import type { Operand } from './operand.ts'

/** What is looked up: buffers x, index, result. */
export interface LookUp {
  readonly x: Operand
  readonly index: Operand
  readonly shape: readonly number[]
  readonly dim: number
}

function lowerLookUp({ x, index, shape, dim }: LookUp, indexStrides: readonly number[]): LoweredStep {
  const size = sizeOf(shape)
  if (size === 0) return nothing
  const params = new Params()
  const binder = new Binder()
  const names = { x: binder.read(0, 'x'), index: binder.read(1, 'index'), out: binder.write(2, 'out') }
  const around: Access = { strides: x.map.strides.map((s, d) => (d === dim ? 0 : s)), offset: x.map.offset }
  const which: Access = { strides: indexStrides, offset: index.map.offset }
  const walk = new Walk(params, shape, [around, which])
  const body = [
    ...walk.coordinates('i'),
    `let which = ${walk.index(which)};`,
    `let place = u32(${castExpression(index.dtype, 'int32', loadElement(index.dtype, names.index, 'which'))});`,
    `let inside = place < ${params.word(x.map.shape[dim])};`,
    `let at = select(0u, ${walk.index(around)} + place * ${params.word(x.map.strides[dim] >>> 0)}, inside);`,
    `let value = select(${outsideValue(x.dtype)}, ${loadElement(x.dtype, names.x, 'at')}, inside);`,
  ]
  return { ...nothing, kernels: [elementKernel({ params, binder, out: names.out, dtype: x.dtype, size, body })] }
}

/** Whole slices along a dim by a vector of indices. */
export const lowerTake = (look: LookUp): LoweredStep =>
  lowerLookUp(
    look,
    look.shape.map((_, d) => (d === look.dim ? look.index.map.strides[0] : 0)),
  )

/** One element along a dim for each element of the index, which has the result's shape. */
export const lowerGather = (look: LookUp): LoweredStep => lowerLookUp(look, look.index.map.strides)
