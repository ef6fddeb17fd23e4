import { type Group, sizeOf } from '@surprisal/tensor/backend'
import { bindBuffers } from './bindings.ts'
import { elementOfFour, fourType, putInFour } from './elements.ts'
import type { GroupKernel } from './group-kernel.ts'
import type { IndexCheck } from './index-checks.ts'
import { statementsOf } from './instruction.ts'
import { moduleOf } from './module.ts'
import { Params } from './params.ts'
import { Space } from './space.ts'

const workgroup = 64

/**
 * Whether a group's elements can be computed four at a time, with one load for the four of an operand: it has them side
 * by side, on a boundary of four elements, or one for all of them.
 */
export function comesInFours(group: Group): boolean {
  const space = new Space(group, new Params())
  if (!space.isInFours) return false
  return group.instructions.every(i => i.kind !== 'load' || space.paceOf(i.access) !== 'other')
}

/** One invocation for four elements of a group that {@link comesInFours}. */
export function lowerFours(
  group: Group,
  sizes: readonly number[],
  most: number,
  checks: readonly IndexCheck[],
): GroupKernel {
  const { stores, buffers, instructions } = group
  const params = new Params()
  const space = new Space(group, params)
  const apart = new Set<number>()
  for (const i of instructions)
    if (i.kind === 'lookup' || (i.kind === 'load' && space.paceOf(i.access) === 'still')) apart.add(i.buffer)
  const fours = new Set(buffers.flatMap((_, buffer) => (apart.has(buffer) ? [] : [buffer])))
  const bindings = bindBuffers(group, sizes, most, { fours, status: checks.length > 0 })
  const writer = { group, params, space, bindings, checks }
  const size = sizeOf(group.space)
  params.setUnits(size)

  const before: string[] = []
  const each = instructions.flatMap((instruction, i) => {
    if (instruction.kind !== 'load' || !fours.has(instruction.buffer)) return statementsOf(writer, i)
    const { name, base } = bindings.place(instruction.buffer)
    if (name === 'joined') return statementsOf(writer, i)
    before.push(`let four${i} = ${name}[(${space.index(instruction.access, base)}) >> 2u];`)
    return [`let v${i} = ${elementOfFour(instruction.dtype, `four${i}`, 'k')};`]
  })
  const lines = [
    `let unit = group * ${workgroup}u + l;`,
    'if (unit * 4u >= p[0].x) { return; }',
    'let first = unit * 4u;',
    ...space.coordinates('first', null),
    ...before,
    ...stores.map(({ buffer }) => `var w${buffer} = ${fourType(buffers[buffer])}();`),
    'for (var k = 0u; k < 4u; k++) {',
    space.step('k'),
    ...each,
    ...stores.map(({ value, buffer }) => putInFour(buffers[buffer], `w${buffer}`, `v${value}`, 'k')),
    '}',
    ...stores.map(({ buffer }) => `b${buffer}[unit] = w${buffer};`),
  ]
  return {
    wgsl: moduleOf(bindings, params, workgroup, lines),
    bindings: bindings.kinds,
    storage: bindings.storage,
    params: params.block(),
    slots: params.slots,
    workgroup,
    groups: Math.ceil(size / (workgroup * 4)),
  }
}
