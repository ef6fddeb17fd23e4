import { SurprisalError } from '../../error.ts'
import type { Code } from '../code.ts'
import type { Phase } from '../lowered.ts'
import { Blueprint } from './blueprint.ts'
import { Body } from './body.ts'
import { begin, end } from './frame.ts'
import { type Layout, variationOf } from './layout.ts'
import { emitSweep } from './sweep.ts'
import { planSweeps, type Sweep } from './sweeps.ts'
import { Walk } from './walk.ts'
import { nanosecondsPerWeight, totalWeight } from './weights.ts'

/** From this length on costly values are computed again, as rows of scratch memory would not stay in the cache. */
const longestKeptRow = 2 ** 18

/** Nanoseconds that a row takes beside its elements. */
const rowOverhead = 15

/** A kernel that reduces the trailing dims; a unit is one row. */
export function lowerRows(layout: Layout): Phase {
  const { axes, cursors, group } = layout
  const rowAxis = axes.length - 1
  if (axes.some((axis, a) => axis.reduced !== (a === rowAxis)))
    throw new SurprisalError('argument', 'lowerGroup: the reduced dims of rows must join into one dim')
  const blueprint = new Blueprint(layout, rowAxis)
  const { words } = blueprint
  const { size } = axes[rowAxis]
  const keptAxes = axes.map((_, a) => a).slice(0, -1)
  const walk = new Walk(words, axes, cursors, keptAxes)
  const length = words.add(size)

  const variation = variationOf(layout)
  const inElements = variation.map(along => along[rowAxis])
  const { before, sweeps, kept } = planSweeps(group, inElements, size <= longestKeptRow)
  const once = before.filter(i => !variation[i].includes(true))
  const perRow = before.filter(i => variation[i].includes(true))
  const rowStores = group.stores.flatMap(({ each }, s) => (each === 'row' ? [s] : []))
  const keptBytes = 16 * Math.ceil(size / 4)

  const write = (code: Code): void => {
    const setting = blueprint.open(code)
    const { frame, pointers } = setting
    const rows = new Body(setting, pointers)
    rows.emit(once, 'one')
    const row = frame.hold(length)
    walk.prepare(frame)
    const left = code.local('i32')
    code.get(end).get(begin).op('i32.sub').set(left)
    walk.start(frame, pointers, begin)
    code.loop(again => {
      rows.emit(perRow, 'one')
      for (const sweep of sweeps) emitSweep(rows, sweep, kept, row)
      for (const s of rowStores) rows.store(s, 'one')
      walk.advance(code, pointers)
      code.get(left).i32(1).op('i32.sub').tee(left).branchIf(again)
    })
  }

  const weight = sweeps.reduce((sum, sweep) => sum + sweepWeight(layout, sweep), 0)
  return {
    key: `rows;${blueprint.key};${walk.key};${kept.join()}`,
    write,
    words: words.finish(),
    units: keptAxes.reduce((count, a) => count * axes[a].size, 1),
    unitCost: rowOverhead + weight * size * nanosecondsPerWeight,
    scratchBytes: kept.length * keptBytes,
  }
}

const sweepWeight = ({ group }: Layout, sweep: Sweep): number =>
  totalWeight(sweep.computed.map(i => group.instructions[i])) + sweep.reductions.length + sweep.stores.length
