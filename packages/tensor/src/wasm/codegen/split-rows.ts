import type { Group, Instruction } from '../../fusion/group.ts'
import type { Code, Local } from '../code.ts'
import type { Lowered, Phase } from '../lowered.ts'
import type { Accumulator } from './accumulator.ts'
import { accumulatorOf } from './accumulators.ts'
import { sumBlock } from './block-sum.ts'
import { Blueprint, type Setting } from './blueprint.ts'
import { Body } from './body.ts'
import { begin, end } from './frame.ts'
import type { Layout } from './layout.ts'
import type { RowPlan } from './row-plan.ts'
import type { RowReduction } from './row-reduction.ts'
import { rowOverhead } from './rows.ts'
import { emitSweep, finishRow, reductionsOf } from './sweep.ts'
import type { Sweep } from './sweeps.ts'
import { Walk } from './walk.ts'

/** A piece of a row: a unit that takes some microseconds. */
const pieceBlocks = 64
export const pieceSize = pieceBlocks * sumBlock

/** Nanoseconds that it takes to read what a piece has left. */
const joinCost = 100

/** With so many rows there is enough to share without cutting them. */
const enoughRows = 16

/** The accumulator of each reduction, null for sums of floats. */
const accumulatorsOf = ({ instructions }: Group, { reductions }: Sweep): (Accumulator | null)[] =>
  reductions.map(i => {
    const { f, x } = instructions[i] as Extract<Instruction, { kind: 'reduce' }>
    return accumulatorOf(f, instructions[x].dtype)
  })

/** Whether rows are so few and long that they are cut into pieces: the bits are those of whole rows. */
export function isSplit({ group }: Layout, { rows, size, sweeps }: RowPlan): boolean {
  if (rows === 0 || rows >= enoughRows || size < 2 * pieceSize || sweeps.length !== 1) return false
  const [sweep] = sweeps
  return sweep.stores.length === 0 && accumulatorsOf(group, sweep).every(accumulator => accumulator?.anyOrder ?? true)
}

/** What a piece leaves in the workspace: for each reduction, at these offsets, the sums of its blocks or its state. */
interface Piece {
  readonly offsets: readonly number[]
  /** Those of sums. */
  readonly sumOffsets: readonly number[]
  readonly bytes: number
}

function pieceOf(layout: Layout, { sweeps: [sweep] }: RowPlan): Piece {
  let bytes = 0
  const accumulators = accumulatorsOf(layout.group, sweep)
  const offsets = accumulators.map(accumulator => {
    const offset = bytes
    bytes += accumulator ? 16 * accumulator.parts : 4 * pieceBlocks
    return offset
  })
  return { offsets, sumOffsets: offsets.filter((_, r) => !accumulators[r]), bytes }
}

/**
 * A kernel of few long rows, in two phases: units of the first are pieces of rows, which leave the sums of their
 * blocks, or what else they have accumulated, in the workspace; the second joins the pieces of each row in order.
 */
export function lowerSplitRows(layout: Layout, plan: RowPlan): Lowered {
  const piece = pieceOf(layout, plan)
  const pieces = Math.ceil(plan.size / pieceSize)
  return {
    phases: [lowerPieces(layout, plan, piece, pieces), lowerJoin(layout, plan, piece, pieces)],
    workspaceBytes: plan.rows * pieces * piece.bytes,
  }
}

/** Pushes the address of the piece whose number is in a local. */
const addressOf = ({ frame, layout }: Setting, number: Local, { bytes }: Piece): Code =>
  frame.buffer(layout.group.buffers.length).get(number).i32(bytes).op('i32.mul').op('i32.add')

/** Sets `count` to the smaller of `left` and the size of a piece. */
const takePiece = (code: Code, left: Local, count: Local): void => {
  code.get(left).i32(pieceSize).get(left).i32(pieceSize).op('i32.lt_u').select().set(count)
}

function lowerPieces(layout: Layout, plan: RowPlan, piece: Piece, pieces: number): Phase {
  const { axes, cursors } = layout
  const { sweeps, once, perRow } = plan
  const blueprint = new Blueprint(layout, plan.rowAxis)
  const { words } = blueprint
  const walk = new Walk(words, axes, cursors, plan.keptAxes)
  const [lengthWord, piecesWord] = [words.add(plan.size), words.add(pieces)]

  const write = (code: Code): void => {
    const setting = blueprint.open(code)
    const { frame } = setting
    const known = new Body(setting, setting.pointers)
    known.emit(once, 'one')
    const pointers = setting.pointers.map(() => code.local('i32'))
    const rows = new Body(setting, pointers, known.values)
    const [length, inRow] = [frame.hold(lengthWord), frame.hold(piecesWord)]
    const [row, first, count, address, block] = [0, 1, 2, 3, 4].map(() => code.local('i32'))
    walk.prepare(frame)
    code.loop(again => {
      setting.pointers.forEach((pointer, c) => {
        code.get(pointer).set(pointers[c])
      })
      code.get(begin).get(inRow).op('i32.div_u').set(row)
      walk.start(frame, pointers, row)
      rows.emit(perRow, 'one')
      code.get(begin).get(inRow).op('i32.rem_u').i32(pieceSize).op('i32.mul').set(first)
      rows.stepBy(rows.cursorsOf(sweeps[0].computed, []), first)
      code.get(length).get(first).op('i32.sub').set(row)
      takePiece(code, row, count)
      addressOf(setting, begin, piece).tee(address).set(block)
      emitSweep(rows, sweeps[0], [], count, {
        first: () => code.get(first),
        block: sums => {
          sums.forEach((sum, s) => {
            code.get(block)
            sum.blockSum(code).memory('f32.store', piece.sumOffsets[s])
          })
          code.get(block).i32(4).op('i32.add').set(block)
        },
        row: reductions => {
          reductions.forEach((reduction, r) => {
            reduction.storeParts(code, address, piece.offsets[r])
          })
        },
      })
      code.get(begin).i32(1).op('i32.add').tee(begin).get(end).op('i32.lt_u').branchIf(again)
    })
  }

  return {
    key: `pieces;${blueprint.key};${walk.key}`,
    write,
    words: words.finish(),
    units: plan.rows * pieces,
    unitCost: rowOverhead + pieceSize * plan.elementCost,
    scratchBytes: 0,
  }
}

function lowerJoin(layout: Layout, plan: RowPlan, piece: Piece, pieces: number): Phase {
  const { axes, cursors } = layout
  const { sweeps, once, perRow, rowStores } = plan
  const blueprint = new Blueprint(layout, plan.rowAxis)
  const { words } = blueprint
  const walk = new Walk(words, axes, cursors, plan.keptAxes)
  const [lengthWord, piecesWord] = [words.add(plan.size), words.add(pieces)]

  const write = (code: Code): void => {
    const setting = blueprint.open(code)
    const { frame, pointers } = setting
    const rows = new Body(setting, pointers)
    rows.emit(once, 'one')
    const [length, inRow] = [frame.hold(lengthWord), frame.hold(piecesWord)]
    const [left, rest, count, address, block] = [0, 1, 2, 3, 4].map(() => code.local('i32'))
    walk.prepare(frame)
    code.get(begin).get(inRow).op('i32.mul').set(count)
    addressOf(setting, count, piece).set(address)
    code.get(end).get(begin).op('i32.sub').set(left)
    walk.start(frame, pointers, begin)
    const reductions = reductionsOf(code, layout, sweeps[0], 1)
    code.loop(again => {
      rows.emit(perRow, 'one')
      for (const reduction of reductions) reduction.startRow(code)
      code.get(length).set(rest)
      code.loop(next => {
        takePiece(code, rest, count)
        code.get(rest).get(count).op('i32.sub').set(rest)
        reductions.forEach((reduction, r) => {
          reduction.takeParts(code, address, piece.offsets[r])
        })
        joinBlocks(code, reductions, piece, { count, address, block })
        code.get(address).i32(piece.bytes).op('i32.add').set(address)
        code.get(rest).branchIf(next)
      })
      finishRow(rows, sweeps[0], reductions)
      for (const s of rowStores) rows.store(s, 'one')
      walk.advance(code, pointers)
      code.get(left).i32(1).op('i32.sub').tee(left).branchIf(again)
    })
  }

  return {
    key: `join;${blueprint.key};${walk.key}`,
    write,
    words: words.finish(),
    units: plan.rows,
    unitCost: rowOverhead + pieces * joinCost,
    scratchBytes: 0,
  }
}

/** Adds the sums of a piece's blocks, in order. */
function joinBlocks(
  code: Code,
  reductions: readonly RowReduction[],
  { sumOffsets }: Piece,
  { count, address, block }: Readonly<Record<'count' | 'address' | 'block', Local>>,
): void {
  if (sumOffsets.length === 0) return
  code
    .get(count)
    .i32(sumBlock - 1)
    .op('i32.add')
    .i32(Math.log2(sumBlock))
    .op('i32.shr_u')
    .set(count)
  code.get(address).set(block)
  code.repeat(count, () => {
    reductions
      .flatMap(({ sum }) => sum ?? [])
      .forEach((sum, s) => {
        sum.addBlock(code, () => code.get(block).memory('f32.load', sumOffsets[s]))
      })
    code.get(block).i32(4).op('i32.add').set(block)
  })
}
