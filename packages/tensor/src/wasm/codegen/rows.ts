import type { Code } from '../code.ts'
import type { Phase } from '../lowered.ts'
import { Blueprint } from './blueprint.ts'
import { Body } from './body.ts'
import { begin, end } from './frame.ts'
import type { Layout } from './layout.ts'
import type { RowPlan } from './row-plan.ts'
import { emitSweep, finishRow } from './sweep.ts'
import { Walk } from './walk.ts'

/** Nanoseconds that a row takes beside its elements. */
export const rowOverhead = 15

/** A kernel that reduces the trailing dims; a unit is one row. */
export function lowerRows(layout: Layout, plan: RowPlan): Phase {
  const { axes, cursors } = layout
  const { rowAxis, size, keptAxes, once, perRow, sweeps, kept, rowStores } = plan
  const blueprint = new Blueprint(layout, rowAxis)
  const { words } = blueprint
  const walk = new Walk(words, axes, cursors, keptAxes)
  const length = words.add(size)
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
      for (const sweep of sweeps)
        emitSweep(rows, sweep, kept, row, {
          block: sums => {
            for (const sum of sums) sum.addBlock(code, () => sum.blockSum(code))
          },
          row: reductions => finishRow(rows, sweep, reductions),
        })
      for (const s of rowStores) rows.store(s, 'one')
      walk.advance(code, pointers)
      code.get(left).i32(1).op('i32.sub').tee(left).branchIf(again)
    })
  }

  return {
    key: `rows;${blueprint.key};${walk.key};${kept.join()}`,
    write,
    words: words.finish(),
    units: plan.rows,
    unitCost: rowOverhead + size * plan.elementCost,
    scratchBytes: kept.length * keptBytes,
  }
}
