import { type Group, sizeOf } from '@surprisal/tensor/backend'
import { bindBuffers } from './bindings.ts'
import { bitsOf, perWord, shiftOf } from './elements.ts'
import { comesInFours, lowerFours } from './fours.ts'
import type { GroupKernel } from './group-kernel.ts'
import type { IndexCheck } from './index-checks.ts'
import { statementsOf } from './instruction.ts'
import { moduleOf } from './module.ts'
import { Params } from './params.ts'
import { Space } from './space.ts'

const workgroup = 64

/**
 * Four elements for each invocation where they stand side by side in all operands; otherwise one, or as many as share a
 * word of what is written.
 */
export function lowerPointwise(
  group: Group,
  sizes: readonly number[],
  most: number,
  checks: readonly IndexCheck[] = [],
): GroupKernel {
  if (comesInFours(group)) return lowerFours(group, sizes, most, checks)
  const { stores, buffers, instructions } = group
  const params = new Params()
  const space = new Space(group, params)
  const bindings = bindBuffers(group, sizes, most, { status: checks.length > 0 })
  const writer = { group, params, space, bindings, checks }
  const size = sizeOf(group.space)
  params.setUnits(size)

  const width = Math.max(...stores.map(({ buffer }) => perWord(buffers[buffer])))
  const element = [
    ...space.coordinates('i', null),
    ...instructions.flatMap((_, i) => statementsOf(writer, i)),
    ...stores.flatMap(({ value, buffer }) => {
      const dtype = buffers[buffer]
      const bits = bitsOf(dtype, `v${value}`)
      const count = perWord(dtype)
      if (count === 1) return [`b${buffer}[i] = ${bits};`]
      const ends = `(i & ${count - 1}u) == ${count - 1}u || i + 1u == p[0].x`
      return [
        `w${buffer} |= ${bits} << ${shiftOf(dtype, 'i')};`,
        `if (${ends}) { b${buffer}[i / ${count}u] = w${buffer}; w${buffer} = 0u; }`,
      ]
    }),
  ]
  const unit = `let unit = group * ${workgroup}u + l;`
  const packed = stores.filter(({ buffer }) => perWord(buffers[buffer]) > 1)
  const lines =
    width === 1
      ? [unit, 'let i = unit;', 'if (i >= p[0].x) { return; }', ...element]
      : [
          unit,
          ...packed.map(({ buffer }) => `var w${buffer} = 0u;`),
          `for (var k = 0u; k < ${width}u; k++) {`,
          `let i = unit * ${width}u + k;`,
          'if (i >= p[0].x) { break; }',
          ...element,
          '}',
        ]
  return {
    wgsl: moduleOf(bindings, params, workgroup, lines),
    bindings: bindings.kinds,
    storage: bindings.storage,
    params: params.block(),
    slots: params.slots,
    workgroup,
    groups: Math.ceil(size / (workgroup * width)),
  }
}
