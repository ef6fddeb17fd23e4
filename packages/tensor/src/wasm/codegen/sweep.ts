import type { Instruction } from '../../fusion/group.ts'
import type { Code, Local } from '../code.ts'
import { accumulatorOf } from './accumulators.ts'
import { type BlockSum, sumBlock } from './block-sum.ts'
import { Body, type Place } from './body.ts'
import { emitElementLoop } from './element-loop.ts'
import { scratch } from './frame.ts'
import type { Layout } from './layout.ts'
import { RowReduction } from './row-reduction.ts'
import type { Sweep } from './sweeps.ts'
import { heaviest, heavy, totalWeight } from './weights.ts'

/** What is done with reductions where a stretch of a row ends. */
export interface SweepEnds {
  /** Pushes the position of the first element. */
  readonly first?: (code: Code) => void
  /** Behind each block of elements, where there are sums. */
  block(sums: readonly BlockSum[]): void
  row(reductions: readonly RowReduction[]): void
}

/** The reductions of a sweep. */
export function reductionsOf(code: Code, { group }: Layout, sweep: Sweep, copies: number): RowReduction[] {
  return sweep.reductions.map(i => {
    const instruction = group.instructions[i] as Extract<Instruction, { kind: 'reduce' }>
    const { f, x, dtype } = instruction
    return new RowReduction(code, x, accumulatorOf(f, group.instructions[x].dtype), dtype, copies)
  })
}

/** Gives a row the results of its reductions, and what follows from them. */
export function finishRow(rows: Body, sweep: Sweep, reductions: readonly RowReduction[]): void {
  reductions.forEach((reduction, r) => {
    reduction.endRow(rows.code, rows.value(sweep.reductions[r]))
  })
  rows.emit(sweep.afterwards, 'one')
}

/**
 * Goes once through a row, at whose first elements the pointers of `rows` stand and stay.
 *
 * @param kept values that have a row of scratch memory, in order
 * @param row holds the length of a row
 * @param ends what is done with the reductions
 */
export function emitSweep(rows: Body, sweep: Sweep, kept: readonly number[], row: Local, ends: SweepEnds): void {
  const { code, setting } = rows
  const { frame, layout, tail } = setting
  const { instructions } = layout.group
  const weight = totalWeight(sweep.computed.map(i => instructions[i]))
  const copies = sweep.reductions.length > 0 && weight <= heaviest ? 4 : weight < heavy ? 2 : 1

  const reductions = reductionsOf(code, layout, sweep, copies)
  const sums = reductions.flatMap(({ sum }) => sum ?? [])
  const needsIndex = sweep.reductions.some(i => {
    const instruction = instructions[i]
    return instruction.kind === 'reduce' && instruction.f.startsWith('arg')
  })

  const moving = rows.pointers.map(() => -1)
  const body = new Body(setting, moving, rows.values)
  const cursors = body.cursorsOf(sweep.computed, sweep.stores)
  for (const c of cursors) {
    moving[c] = code.local('i32')
    code.get(rows.pointers[c]).set(moving[c])
  }
  const fixed = sweep.computed.map(i => layout.cursorOf[i]).filter(c => c >= 0 && moving[c] < 0)
  for (const c of fixed) moving[c] = rows.pointers[c]

  const keptHere = kept.filter(i => sweep.computed.includes(i) || sweep.recalled.includes(i))
  const keptAt = keptHere.map(i => {
    const pointer = code.local('i32')
    code.get(scratch)
    const before = kept.indexOf(i)
    if (before > 0)
      code
        .get(row)
        .i32(3)
        .op('i32.add')
        .i32(-4)
        .op('i32.and')
        .i32(4 * before)
        .op('i32.mul')
        .op('i32.add')
    code.set(pointer)
    return pointer
  })
  const index = needsIndex ? code.local('v128') : null
  if (index !== null) {
    code.get(frame.ramp)
    if (ends.first) {
      ends.first(code)
      code.op('i32x4.splat').op('i32x4.add')
    }
    code.set(index)
  }

  for (const reduction of reductions) reduction.startRow(code)
  const write = (place: Place, alone: boolean): void => {
    const offset = typeof place === 'string' ? 0 : 16 * place.copy
    keptHere.forEach((i, k) => {
      if (sweep.recalled.includes(i)) code.get(keptAt[k]).memory('v128.load', offset).set(body.value(i))
    })
    body.emit(sweep.computed, place)
    keptHere.forEach((i, k) => {
      if (sweep.computed.includes(i)) code.get(keptAt[k]).get(body.value(i)).memory('v128.store', offset)
    })
    for (const reduction of reductions) reduction.take(code, body.value(reduction.x), place, alone, tail, index)
    for (const s of sweep.stores) body.store(s, place)
    if (index !== null) code.get(index).get(code.ints(4)).op('i32x4.add').set(index)
  }
  const through = (count: Local): void =>
    emitElementLoop(code, count, {
      body,
      cursors,
      copies,
      write,
      toEnd: false,
      behindLoop: turns => {
        for (const pointer of keptAt)
          code
            .get(pointer)
            .i32(16 * turns)
            .op('i32.add')
            .set(pointer)
      },
    })

  const count = code.local('i32')
  if (sums.length === 0) {
    code.get(row).set(count)
    through(count)
  } else {
    const [left, turns] = [code.local('i32'), code.local('i32')]
    code.get(row).set(left)
    code.get(left).if(() =>
      code.loop(again => {
        for (const sum of sums) sum.startBlock(code)
        code.get(left).i32(sumBlock).get(left).i32(sumBlock).op('i32.lt_u').select().tee(count)
        code.i32(3).op('i32.add').i32(2).op('i32.shr_u').set(turns)
        code.get(left).get(count).op('i32.sub').set(left)
        through(count)
        code
          .get(turns)
          .i32(3)
          .op('i32.and')
          .if(() => {
            sums.forEach((sum, s) => {
              if (s < sums.length - 1)
                code.temporary('i32', copy => {
                  code.get(turns).set(copy)
                  sum.turnBack(code, copy)
                })
              else sum.turnBack(code, turns)
            })
          })
        ends.block(sums)
        code.get(left).branchIf(again)
      }),
    )
  }
  ends.row(reductions)
}
