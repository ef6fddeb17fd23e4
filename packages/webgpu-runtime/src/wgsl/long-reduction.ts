import { type Group, operandsOf } from '@surprisal/tensor/backend'
import type { BindOptions } from './bindings.ts'
import type { GroupKernel } from './group-kernel.ts'
import type { IndexCheck } from './index-checks.ts'
import { levelsOf } from './instruction.ts'
import { Params } from './params.ts'
import { workgroupFor } from './reduction.ts'
import { extentOf, ReductionWriter } from './reduction-writer.ts'
import { Space } from './space.ts'
import { type Sharing, treeOf } from './tree.ts'

/** Elements of a row from which on several workgroups share it, and how many each of them takes at least. */
const longest = 16_384
const leastPart = 4096
const mostParts = 256
/** From so many workgroups on, a device has enough to do without sharing rows. */
const manyGroups = 512

/** Whether a group has few results of many elements each, which one sweep gives. */
export function isLong(group: Group, sharing: Sharing = {}): boolean {
  const { count, length } = extentOf(group)
  const { rows } = workgroupFor(group, sharing)
  if (length <= longest || count / rows >= manyGroups) return false
  if (group.stores.some(({ each }) => each === 'element')) return false
  const levels = levelsOf(group.instructions, new Space(group, new Params()), operandsOf)
  return levels.every(({ level }) => level <= 1)
}

/** Two kernels: parts of rows leave what they have gathered in a buffer, out of which the second one joins it. */
export function lowerLongReduction(
  group: Group,
  sizes: readonly number[],
  most: number,
  checks: readonly IndexCheck[] = [],
  sharing: Sharing = {},
): GroupKernel[] {
  const { count, length } = extentOf(group)
  const parts = Math.min(mostParts, Math.ceil(length / leastPart))
  const bytes = 4 * wordsOf(group) * parts * count
  const writer = (bind: BindOptions): ReductionWriter => new ReductionWriter(group, sizes, most, checks, bind)
  const first = writer({ partial: { bytes, mode: 'read_write' } })
  const second = writer({ onlyPerRow: true, partial: { bytes, mode: 'read' } })
  const cut = { parts, size: Math.ceil(length / parts), sharing }
  return [lowerParts(group, first, cut), lowerJoin(group, second, cut)]
}

/** Words of the states of all reductions of a group. */
const wordsOf = (group: Group): number =>
  group.instructions.reduce((sum, i) => sum + (i.kind !== 'reduce' ? 0 : i.f.startsWith('arg') ? 2 : 1), 0)

/** How rows are shared. */
interface Cut {
  readonly parts: number
  /** Elements of a part. */
  readonly size: number
  readonly sharing: Sharing
}

function lowerParts(group: Group, writer: ReductionWriter, { parts, size, sharing }: Cut): GroupKernel {
  const { count } = extentOf(group)
  const { rows, lanes } = workgroupFor(group, sharing)
  const [partsText, sizeText] = [writer.params.word(parts), writer.params.word(size)]
  const gatherings = writer.gatheringsOf(0)
  const states = gatherings.flatMap(({ to }) =>
    to.types.map((type, k) => (type === 'bool' ? `select(0u, 1u, ${to.state[k]})` : `bitcast<u32>(${to.state[k]})`)),
  )
  const lines = [
    `let part = group % ${partsText};`,
    ...writer.head(rows, `(group / ${partsText})`),
    `let end = min(length, (part + 1u) * ${sizeText});`,
    ...writer.perRow(0),
    ...gatherings.flatMap(({ to }) => to.declare),
    '{ var t = 0u;',
    `for (var j = part * ${sizeText} + lane; j < end; j += ${lanes}u) {`,
    ...writer.space.coordinates('j', 'reduced'),
    ...writer.perElement(gatherings.map(({ x }) => x)),
    ...gatherings.flatMap(({ x, to }) => to.take(`v${x}`)),
    't += 1u; } }',
    ...gatherings.flatMap(({ to }) => [...to.finish, ...(lanes > 1 ? treeOf(to, { rows, lanes, sharing }) : [])]),
    'if (live && lane == 0u) {',
    `let at = (row * ${partsText} + part) * ${states.length}u;`,
    ...states.map((state, k) => `partial[at + ${k}u] = ${state};`),
    '}',
  ]
  return writer.kernel(lines, rows, lanes, Math.ceil(count / rows) * parts)
}

function lowerJoin(group: Group, writer: ReductionWriter, { parts, sharing }: Cut): GroupKernel {
  const [rows, lanes] = [1, 64]
  const { count } = extentOf(group)
  const partsText = writer.params.word(parts)
  const gatherings = writer.gatheringsOf(0)
  const words = wordsOf(group)
  let word = 0
  const merges = gatherings.flatMap(({ to }) => {
    const states = to.types.map(type => {
      const stored = `partial[at + ${word++}u]`
      return type === 'bool' ? `(${stored} != 0u)` : `bitcast<${type}>(${stored})`
    })
    return to.merge(states)
  })
  const lines = [
    ...writer.head(rows),
    ...writer.perRow(0),
    ...gatherings.flatMap(({ to }) => to.declare),
    `for (var j = lane; j < select(0u, ${partsText}, live); j += ${lanes}u) {`,
    `let at = (row * ${partsText} + j) * ${words}u;`,
    ...merges,
    '}',
    ...gatherings.flatMap(gathering => [...treeOf(gathering.to, { rows, lanes, sharing }), writer.result(gathering)]),
    ...writer.perRow(1),
    ...writer.storeRows(),
  ]
  return writer.kernel(lines, rows, lanes, count)
}
