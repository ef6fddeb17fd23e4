import { SurprisalError } from '../../error.ts'
import { type Layout, variationOf } from './layout.ts'
import { planSweeps, type Sweep } from './sweeps.ts'
import { nanosecondsPerWeight, totalWeight } from './weights.ts'

/** From this length on costly values are computed again, as rows of scratch memory would not stay in the cache. */
const longestKeptRow = 2 ** 18

/** What is computed where in a kernel of rows. */
export interface RowPlan {
  /** The number of the axis whose elements are reduced, and how many they are. */
  readonly rowAxis: number
  readonly size: number
  readonly keptAxes: readonly number[]
  /** How many rows there are. */
  readonly rows: number
  /** Values that are one for all rows. */
  readonly once: readonly number[]
  /** Values of rows that need no sweep. */
  readonly perRow: readonly number[]
  readonly sweeps: readonly Sweep[]
  /** Values of elements that are kept from one sweep to later ones. */
  readonly kept: readonly number[]
  /** Stores of one element a row. */
  readonly rowStores: readonly number[]
  /** Nanoseconds of an element in all sweeps. */
  readonly elementCost: number
}

/**
 * Plans a kernel that reduces the trailing dims.
 *
 * @throws {SurprisalError} `argument` when the reduced dims do not join
 */
export function planRows(layout: Layout): RowPlan {
  const { axes, group } = layout
  const rowAxis = axes.length - 1
  if (axes.some((axis, a) => axis.reduced !== (a === rowAxis)))
    throw new SurprisalError('argument', 'lowerGroup: the reduced dims of rows must join into one dim')
  const { size } = axes[rowAxis]
  const variation = variationOf(layout)
  const inElements = variation.map(along => along[rowAxis])
  const { before, sweeps, kept } = planSweeps(group, inElements, size <= longestKeptRow)
  const weight = sweeps.reduce(
    (sum, { computed, reductions, stores }) =>
      sum + totalWeight(computed.map(i => group.instructions[i])) + reductions.length + stores.length,
    0,
  )
  const keptAxes = axes.map((_, a) => a).slice(0, -1)
  return {
    rowAxis,
    size,
    keptAxes,
    rows: keptAxes.reduce((count, a) => count * axes[a].size, 1),
    once: before.filter(i => !variation[i].includes(true)),
    perRow: before.filter(i => variation[i].includes(true)),
    sweeps,
    kept,
    rowStores: group.stores.flatMap(({ each }, s) => (each === 'row' ? [s] : [])),
    elementCost: weight * nanosecondsPerWeight,
  }
}
