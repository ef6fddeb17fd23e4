import type { Code } from '../code.ts'
import type { Phase } from '../lowered.ts'
import { Blueprint, type Placed } from './blueprint.ts'
import { Body } from './body.ts'
import { emitElementLoop } from './element-loop.ts'
import { begin, end } from './frame.ts'
import { type Layout, variationOf } from './layout.ts'
import { Walk } from './walk.ts'
import { heavy, nanosecondsPerWeight, totalWeight } from './weights.ts'

/** A phase that can also be written into the code of another one, for units `begin` to `end` of its parameters. */
export interface PointwisePhase extends Phase {
  write(code: Code, placed?: Placed): void
}

/** A kernel without reductions; a unit is one element in row-major order. */
export function lowerPointwise(layout: Layout): PointwisePhase {
  const { axes, cursors, group } = layout
  const innerAxis = axes.length - 1
  const blueprint = new Blueprint(layout, innerAxis)
  const { words } = blueprint
  const outerAxes = axes.map((_, a) => a).slice(0, -1)
  const walk = new Walk(words, axes, cursors, outerAxes, innerAxis)
  const size = words.add(axes[innerAxis].size)

  const variation = variationOf(layout)
  const numbers = group.instructions.map((_, i) => i)
  const inElements = numbers.filter(i => variation[i][innerAxis])
  const inRuns = numbers.filter(i => !variation[i][innerAxis] && variation[i].includes(true))
  const inCalls = numbers.filter(i => !variation[i].includes(true))
  const stores = group.stores.map((_, s) => s)
  const weight = totalWeight(inElements.map(i => group.instructions[i])) + stores.length
  const copies = weight < 2 * heavy ? 2 : 1

  const write = (code: Code, placed?: Placed): void => {
    const setting = blueprint.open(code, placed)
    const { frame, pointers } = setting
    const body = new Body(setting, pointers)
    const [left, run] = [code.local('i32'), code.local('i32')]
    body.emit(inCalls, 'one')
    const moving = body.cursorsOf(inElements, stores)
    const elements = (): void => {
      body.emit(inRuns, 'one')
      emitElementLoop(code, run, {
        body,
        cursors: moving,
        copies,
        toEnd: outerAxes.length > 0,
        write: place => {
          body.emit(inElements, place)
          for (const s of stores) body.store(s, place)
        },
      })
    }
    const row = frame.hold(size)
    if (outerAxes.length === 0) {
      body.stepBy(moving, begin)
      code.get(end).get(begin).op('i32.sub').set(run)
      elements()
      return
    }
    walk.prepare(frame)
    code.get(end).get(begin).op('i32.sub').set(left)
    // `run` is the place within the row until it is what remains of it.
    code.get(begin).get(row).op('i32.rem_u').set(run)
    body.stepBy(moving, run)
    code.get(begin).get(row).op('i32.div_u').set(begin)
    walk.start(frame, pointers, begin)
    code.get(row).get(run).op('i32.sub').set(run)
    code.loop(again => {
      code.get(run).get(left).get(run).get(left).op('i32.lt_u').select().set(run)
      code.get(left).get(run).op('i32.sub').set(left)
      elements()
      walk.advance(code, pointers)
      code.get(row).set(run)
      code.get(left).branchIf(again)
    })
  }

  return {
    key: `pointwise;${blueprint.key};${walk.key}`,
    write,
    words: words.finish(),
    units: axes.reduce((count, axis) => count * axis.size, 1),
    unitCost: weight * nanosecondsPerWeight,
    scratchBytes: 0,
  }
}
