import { bytesPerElement, type DType, type ProductStep, sizeOf } from '@surprisal/tensor/backend'
import { bindBuffers } from '../../wgsl/bindings.ts'
import { storeShared, wrapped } from '../../wgsl/elements.ts'
import type { IndexCheck } from '../../wgsl/index-checks.ts'
import { statementsOf } from '../../wgsl/instruction.ts'
import type { Params } from '../../wgsl/params.ts'
import { Space } from '../../wgsl/space.ts'
import { Binder } from '../binder.ts'
import { sumType } from './operand.ts'

/** What is done with the elements of a product. */
export interface Finish {
  /** With the buffers of what follows bound. */
  readonly binder: Binder
  /** Declares `finish(i, product)`, which stores element `i`, or `finishFour`, which stores four of them from there. */
  readonly text: string
  readonly fours: boolean
}

/**
 * Stores the elements in a buffer, or adds them to what it has.
 * @param fours whether they come in aligned fours
 */
export function storing(buffer: number, dtype: DType, accumulate: boolean, fours: boolean): Finish {
  const binder = new Binder()
  const type = sumType(dtype)
  if (fours && !accumulate && bytesPerElement[dtype] === 4) {
    binder.write(buffer, 'out', 'vec4<u32>')
    const text = `fn finishFour(i: u32, c: vec4<${type}>) { out[i >> 2u] = bitcast<vec4<u32>>(c); }`
    return { binder, text, fours }
  }
  const out = binder.writeShared(buffer, 'out', dtype)
  const value = accumulate ? `bitcast<${type}>(${out}[i]) + product` : 'product'
  const text = `fn finish(i: u32, product: ${type}) { let value = ${value}; ${storeShared(dtype, out, 'value', 'i')} }`
  return { binder, text, fours: false }
}

/** Bindings that the operands of a product take. */
const operandBindings = 2

/** Whether what follows on a product can be bound together with the operands. */
export const fitsEpilogue = ({ group }: ProductStep, most: number): boolean =>
  group.stores.length <= most - operandBindings - 3

/** Computes what follows on a product from its elements, which are not stored themselves. */
export function following(
  { group, product }: ProductStep,
  sizes: readonly number[],
  params: Params,
  most: number,
  checks: readonly IndexCheck[],
): Finish {
  const isProduct = (i: number): boolean => {
    const instruction = group.instructions[i]
    return 'buffer' in instruction && instruction.buffer === product
  }
  const instructions = group.instructions.filter((_, i) => !isProduct(i))
  const bindings = bindBuffers(group, sizes, most - operandBindings, {
    atomic: true,
    instructions,
    status: checks.length > 0,
  })
  const space = new Space(group, params)
  const writer = { group, params, space, bindings, checks }
  const dtype = group.buffers[product]
  const lines = [
    ...(sizeOf(group.space) === 1 ? [] : space.coordinates('i', null)),
    ...group.instructions.flatMap((_, i) =>
      isProduct(i) ? [`let v${i} = ${wrapped(dtype, 'product')};`] : statementsOf(writer, i),
    ),
    ...group.stores.map(({ value, buffer }) => storeShared(group.buffers[buffer], `b${buffer}`, `v${value}`, 'i')),
  ]
  const text = `fn finish(i: u32, product: ${sumType(dtype)}) {\n${lines.join('\n')}\n}`
  return { binder: new Binder(bindings), text, fours: false }
}
