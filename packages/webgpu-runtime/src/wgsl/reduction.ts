import type { Group } from '@surprisal/tensor/backend'
import type { GroupKernel } from './group-kernel.ts'
import type { IndexCheck } from './index-checks.ts'
import { extentOf, ReductionWriter } from './reduction-writer.ts'
import { type Sharing, treeOf } from './tree.ts'

/** How a workgroup is used: `rows` results side by side, `lanes` invocations for each. */
interface Shape {
  readonly rows: number
  readonly lanes: number
}

/** What is reduced at once by one invocation, and by a small workgroup. */
const mostAlone = 16
const mostNarrow = 1024

/** Where it pays that an invocation works alone: from so many rows on, or up to this length. */
const enoughRows = 16
const shortRow = 256

/** The workgroup that reduces the rows or columns of a group. */
export function workgroupFor(group: Group, { alone = false }: Sharing = {}): Shape {
  const { kind } = group
  const { count, length } = extentOf(group)
  if (length <= mostAlone) return { rows: 64, lanes: 1 }
  if (alone && (count >= enoughRows || length <= shortRow)) return { rows: 16, lanes: 1 }
  if (kind === 'columns') return { rows: 16, lanes: 16 }
  return { rows: 1, lanes: length <= mostNarrow ? 64 : 256 }
}

/**
 * A row of what is reduced, or a column, is swept by the lanes of a workgroup as often as reductions follow upon one
 * another; after each sweep the lanes join their results, by subgroups where there are some, in workgroup memory.
 */
export function lowerReduction(
  group: Group,
  sizes: readonly number[],
  most: number,
  checks: readonly IndexCheck[] = [],
  sharing: Sharing = {},
): GroupKernel {
  const writer = new ReductionWriter(group, sizes, most, checks)
  const { count } = extentOf(group)
  const { rows, lanes } = workgroupFor(group, sharing)
  const lines = writer.head(rows)
  for (let level = 0; level <= writer.last; level++) {
    lines.push(...writer.perRow(level))
    const gatherings = writer.gatheringsOf(level)
    const written = group.stores.filter(({ value, each }) => each === 'element' && writer.levels[value].level === level)
    if (gatherings.length + written.length === 0) continue
    lines.push(
      ...gatherings.flatMap(({ to }) => to.declare),
      '{ var t = 0u;',
      `for (var j = lane; j < length; j += ${lanes}u) {`,
      ...writer.space.coordinates('j', 'reduced'),
      ...writer.perElement([...gatherings.map(({ x }) => x), ...written.map(({ value }) => value)]),
      ...gatherings.flatMap(({ x, to }) => to.take(`v${x}`)),
      ...(written.length > 0 ? [`let at = row * ${writer.length} + j;`] : []),
      ...written.map(store => writer.store(store, 'at')),
      't += 1u; } }',
    )
    for (const gathering of gatherings)
      lines.push(
        ...gathering.to.finish,
        ...(lanes > 1 ? treeOf(gathering.to, { rows, lanes, sharing }) : []),
        writer.result(gathering),
      )
  }
  return writer.kernel([...lines, ...writer.storeRows()], rows, lanes, Math.ceil(count / rows))
}
