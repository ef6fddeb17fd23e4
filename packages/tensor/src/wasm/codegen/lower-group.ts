import type { Group } from '../../fusion/group.ts'
import type { Lowered, Phase } from '../lowered.ts'
import { lowerColumns } from './columns.ts'
import { type Layout, layoutOf } from './layout.ts'
import { lowerPointwise } from './pointwise.ts'
import { lowerRows } from './rows.ts'
import { lowerTiles, tiledAxis } from './tiles.ts'

const lowerings: Readonly<Record<Group['kind'], (layout: Layout) => Phase>> = {
  pointwise: layout => {
    const along = tiledAxis(layout)
    return along === null ? lowerPointwise(layout) : lowerTiles(layout, along)
  },
  rows: lowerRows,
  columns: lowerColumns,
}

/** Options of {@link lowerGroup}. */
export interface LowerOptions {
  /** Whether the code is going to be written with relaxed SIMD, which makes it another code. */
  readonly relaxed: boolean
}

/** Generates the kernel of a group. */
export function lowerGroup(group: Group, { relaxed }: LowerOptions): Lowered {
  const phase = lowerings[group.kind](layoutOf(group))
  return { phases: [{ ...phase, key: `${phase.key};${relaxed ? 'relaxed' : 'plain'}` }], workspaceBytes: 0 }
}
