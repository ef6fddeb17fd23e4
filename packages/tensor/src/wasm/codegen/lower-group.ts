import type { Group } from '../../fusion/group.ts'
import type { Lowered, Phase } from '../lowered.ts'
import { lowerColumns } from './columns.ts'
import { type Layout, layoutOf } from './layout.ts'
import { lowerPointwise } from './pointwise.ts'
import { planRows } from './row-plan.ts'
import { lowerRows } from './rows.ts'
import { isSplit, lowerSplitRows } from './split-rows.ts'
import { lowerTiles, tiledAxis } from './tiles.ts'

const single = (phase: Phase): Lowered => ({ phases: [phase], workspaceBytes: 0 })

const lowerings: Readonly<Record<Group['kind'], (layout: Layout) => Lowered>> = {
  pointwise: layout => {
    const along = tiledAxis(layout)
    return single(along === null ? lowerPointwise(layout) : lowerTiles(layout, along))
  },
  rows: layout => {
    const plan = planRows(layout)
    return isSplit(layout, plan) ? lowerSplitRows(layout, plan) : single(lowerRows(layout, plan))
  },
  columns: layout => single(lowerColumns(layout)),
}

/** Options of {@link lowerGroup}. */
export interface LowerOptions {
  /** Whether the code is going to be written with relaxed SIMD, which makes it another code. */
  readonly relaxed: boolean
}

/** Generates the kernel of a group. */
export function lowerGroup(group: Group, { relaxed }: LowerOptions): Lowered {
  const { phases, workspaceBytes } = lowerings[group.kind](layoutOf(group))
  const arithmetic = relaxed ? 'relaxed' : 'plain'
  return { phases: phases.map(phase => ({ ...phase, key: `${phase.key};${arithmetic}` })), workspaceBytes }
}
