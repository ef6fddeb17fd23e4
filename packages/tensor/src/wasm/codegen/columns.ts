import { type Instruction, operandsOf } from '../../fusion/group.ts'
import { Code, type Local } from '../code.ts'
import type { Phase } from '../lowered.ts'
import { Blueprint } from './blueprint.ts'
import { Body, type Place } from './body.ts'
import { columnReduction } from './column-reductions.ts'
import { emitElementLoop } from './element-loop.ts'
import { begin, end, scratch } from './frame.ts'
import type { Layout } from './layout.ts'
import { Walk } from './walk.ts'
import { nanosecondsPerWeight, totalWeight } from './weights.ts'

/** Columns that are gathered at a time: what is gathered of them stays in the nearest cache. */
const stretch = 128
/** Rows whose sums are gathered in float32 before they are added in float64. */
const blockRows = 64

type Reduce = Extract<Instruction, { kind: 'reduce' }>

/** A kernel that reduces leading dims; a unit is a stretch of columns at one position of the other kept dims. */
export function lowerColumns(layout: Layout): Phase {
  const { axes, cursors, group } = layout
  const { instructions } = group
  const inner = axes.length - 1
  const blueprint = new Blueprint(layout, inner)
  const { words } = blueprint
  const numbersOf = (reduced: boolean) => axes.map((_, a) => a).filter(a => a !== inner && axes[a].reduced === reduced)
  const keptWalk = new Walk(words, axes, cursors, numbersOf(false))
  const rowWalk = new Walk(words, axes, cursors, numbersOf(true))
  const width = words.add(axes[inner].size)
  const rows = numbersOf(true).reduce((count, a) => count * axes[a].size, 1)
  const height = words.add(rows)
  const stretches = Math.ceil(axes[inner].size / stretch)
  const perPosition = words.add(stretches)

  const after = instructions.map(() => false)
  instructions.forEach((instruction, i) => {
    after[i] = instruction.kind === 'reduce' || operandsOf(instruction).some(x => after[x])
  })
  const numbers = instructions.map((_, i) => i)
  /** Constants, scalars and what is computed of them alone. */
  const fixed: boolean[] = []
  for (const instruction of instructions)
    fixed.push(
      !('access' in instruction || instruction.kind === 'reduce') && operandsOf(instruction).every(x => fixed[x]),
    )
  const perCall = numbers.filter(i => fixed[i])
  const elements = numbers.filter(i => !after[i] && !fixed[i])
  const behind = numbers.filter(i => after[i] && instructions[i].kind !== 'reduce')
  const reduceNumbers = numbers.filter(i => instructions[i].kind === 'reduce')
  const bytes = reduceBytes(layout)

  const write = (code: Code): void => {
    const setting = blueprint.open(code)
    const { frame, pointers: start } = setting
    const [columns, tall, across] = [frame.hold(width), frame.hold(height), frame.hold(perPosition)]
    const integers = () => code.local('i32')
    const [unit, first, count, run, left, block, at] = [0, 0, 0, 0, 0, 0, 0].map(integers)
    const row = code.local('v128')
    const pointers = start.map(integers)
    const walked = start.map(integers)
    const origin = start.map(integers)
    keptWalk.prepare(frame)
    rowWalk.prepare(frame)
    const once = new Body(setting, start)
    once.emit(perCall, 'one')
    const reductions = reduceNumbers.map((i, r) => {
      const reduce = instructions[i] as Reduce
      const base = code.local('i32')
      code.get(scratch).i32(bytes.offsets[r]).op('i32.add').set(base)
      return { i, x: reduce.x, base, steps: columnReduction(code, reduce, instructions[reduce.x].dtype, row) }
    })
    const copy = (from: readonly Local[], to: readonly Local[]) => {
      for (const [c, local] of from.entries()) code.get(local).set(to[c])
    }
    /** Goes through what has been gathered, four columns at a time. */
    const eachFour = (visit: (r: number) => void): void => {
      reductions.forEach(({ base, steps }, r) => {
        code.get(base).set(at)
        code.get(count).i32(3).op('i32.add').i32(2).op('i32.shr_u').set(run)
        code.repeat(run, () => {
          visit(r)
          code.get(at).i32(steps.bytes).op('i32.add').set(at)
        })
      })
    }
    const offsets = reductions.map(integers)
    const atFour = (r: number) => {
      code.get(reductions[r].base).get(offsets[r]).op('i32.add').set(at)
      return at
    }
    const stepFour = () => {
      for (const [r, { steps }] of reductions.entries())
        code.get(offsets[r]).i32(steps.bytes).op('i32.add').set(offsets[r])
    }
    const startFour = () => {
      for (const offset of offsets) code.i32(0).set(offset)
    }
    const endBlock = () =>
      eachFour(r => {
        reductions[r].steps.endBlock?.(at)
      })
    const hasBlocks = reductions.some(({ steps }) => steps.endBlock !== null)

    const oneRow = (): void => {
      copy(walked, pointers)
      const body = new Body(setting, pointers, once.values)
      startFour()
      code.get(count).set(run)
      emitElementLoop(code, run, {
        body,
        cursors: body.cursorsOf(elements, []),
        copies: 1,
        toEnd: false,
        write: (place: Place) => {
          body.emit(elements, place)
          for (const [r, { steps, x }] of reductions.entries()) steps.add(atFour(r), body.value(x))
          stepFour()
        },
      })
    }
    const results = (): void => {
      copy(origin, pointers)
      const body = new Body(setting, pointers, once.values)
      const stores = group.stores.map((_, s) => s)
      startFour()
      code.get(count).set(run)
      emitElementLoop(code, run, {
        body,
        cursors: body.cursorsOf([], stores),
        copies: 1,
        toEnd: false,
        write: (place: Place) => {
          for (const [r, { steps, i }] of reductions.entries()) steps.finish(atFour(r), body.value(i))
          body.emit(behind, place)
          for (const s of stores) body.store(s, place)
          stepFour()
        },
      })
    }

    code.get(begin).set(unit)
    code.loop(again => {
      code.get(unit).get(across).op('i32.rem_u').i32(stretch).op('i32.mul').set(first)
      code.get(columns).get(first).op('i32.sub').set(count)
      code.get(count).i32(stretch).get(count).i32(stretch).op('i32.lt_u').select().set(count)
      copy(start, walked)
      code.get(unit).get(across).op('i32.div_u').set(run)
      keptWalk.start(frame, walked, run)
      for (const [c, cursor] of cursors.entries()) {
        if (setting.inner.pattern(c) === 'fixed') continue
        code.get(walked[c]).get(first)
        if (setting.inner.pattern(c) === 'strided') code.get(setting.inner.stride(c))
        else code.i32(cursor.unit)
        code.op('i32.mul').op('i32.add').set(walked[c])
      }
      copy(walked, origin)
      eachFour(r => {
        reductions[r].steps.clear(at)
      })
      code.get(code.ints(0)).set(row)
      code.get(tall).set(left)
      code.i32(0).set(block)
      rowWalk.reset(code)
      code.get(left).if(() =>
        code.loop(more => {
          oneRow()
          rowWalk.advance(code, walked)
          code.get(row).get(code.ints(1)).op('i32x4.add').set(row)
          if (hasBlocks) {
            code.get(block).i32(1).op('i32.add').tee(block).i32(blockRows).op('i32.eq')
            code.if(() => {
              endBlock()
              code.i32(0).set(block)
            })
          }
          code.get(left).i32(1).op('i32.sub').tee(left).branchIf(more)
        }),
      )
      if (hasBlocks) endBlock()
      results()
      code.get(unit).i32(1).op('i32.add').tee(unit).get(end).op('i32.lt_u').branchIf(again)
    })
  }

  const weight = totalWeight(elements.map(i => instructions[i])) + 2 * reduceNumbers.length
  const positions = numbersOf(false).reduce((count, a) => count * axes[a].size, 1)
  return {
    key: `columns;${blueprint.key};${keptWalk.key};${rowWalk.key}`,
    write,
    words: words.finish(),
    units: positions * stretches,
    unitCost: Math.max(20, Math.min(stretch, axes[inner].size) * rows * weight * nanosecondsPerWeight),
    scratchBytes: bytes.total,
  }
}

/** Only asked how much memory a reduction needs. */
const sizing = new Code(0)

/** Where in scratch memory each reduction gathers its stretch. */
function reduceBytes({ group: { instructions } }: Layout): { offsets: number[]; total: number } {
  const offsets: number[] = []
  let total = 0
  for (const instruction of instructions) {
    if (instruction.kind !== 'reduce') continue
    offsets.push(total)
    const { bytes } = columnReduction(sizing, instruction, instructions[instruction.x].dtype, 0)
    total += (bytes * stretch) / 4
  }
  return { offsets, total }
}
