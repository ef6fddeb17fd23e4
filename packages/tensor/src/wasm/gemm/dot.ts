import type { Code, Local } from '../code.ts'
import { parameters } from './block.ts'
import type { ProductBlock } from './layout.ts'
import { whileBelow } from './loops.ts'
import { OperandCode } from './operand.ts'
import { sourceOf } from './source.ts'
import type { Tile } from './tile.ts'
import { halves } from './transpose.ts'
import { takeDepth } from './units.ts'

/** Products summed in float32 before they join a float64 sum. */
export const dotBlock = 1024

/** Lines of both operands, and which of them do not lie along memory and must be copied. */
export interface DotShape {
  readonly rows: number
  readonly columns: number
  readonly copiesA: boolean
  readonly copiesB: boolean
}

/**
 * Writes the phase of a product with one to four lines in both operands. Lanes and, where there is hardly a line,
 * several vectors share the steps of depth; which one takes which step follows from the sizes alone. A unit is one
 * entry of the batch.
 */
export function writeDot(block: ProductBlock, tile: Tile, { rows, columns, copiesA, copiesB }: DotShape): void {
  const { code } = block
  const ints = (count: number) => Array.from({ length: count }, () => code.local('i32'))
  const [entry, zero, depthAt, depth, spare, out] = ints(6)
  const operands = (['a', 'b'] as const).map((name, at) => {
    const operand = new OperandCode(block, name, sourceOf('float32', 1), 4)
    const copies = at === 0 ? copiesA : copiesB
    return { name, operand, copies, lines: ints(at === 0 ? rows : columns) }
  })
  const totals = Array.from({ length: rows * columns }, () => code.local('v128'))
  const writeSums = sumsOf(code, tile, operands[0].lines, operands[1].lines, depth)

  whileBelow(code, parameters.begin, parameters.end, 1, () => {
    code.get(parameters.begin).set(entry)
    for (const { operand, lines } of operands) {
      operand.enter(entry)
      code.i32(lines.length).set(spare)
      operand.takeLines(zero, spare)
    }
    for (const total of totals) code.i32x4(0).set(total)
    code.i32(0).set(depthAt)
    code.loop(next => {
      takeDepth(block, depthAt, depth, spare)
      for (const { name, operand, copies, lines } of operands) {
        if (copies) operand.takeSteps(depthAt, depth)
        lines.forEach((line, i) => {
          code.get(operand.lines).memory('i32.load', i * 4)
          if (!copies) code.get(depthAt).i32(4).op('i32.mul').op('i32.add')
          code.set(line)
          if (copies) {
            block.get(`${name}Panels`).get(parameters.scratch).op('i32.add')
            code.i32(i * dotBlock * 4).op('i32.add')
            operand.copyLine(line, depth)
          }
        })
      }
      writeSums(totals)
      block.get('depthBlock').get(depthAt).op('i32.add').tee(depthAt)
      block.get('depth').op('i32.lt_s').branchIf(next)
    })
    block.pointer('out').get(entry)
    block.get('entryBytes').op('i32.mul').op('i32.add').set(out)
    totals.forEach((total, i) => {
      const sum = () => {
        code.get(total).lane('f64x2.extract_lane', 0).get(total).lane('f64x2.extract_lane', 1)
        return code.op('f64.add').op('f32.demote_f64')
      }
      code.get(out)
      block.get('accumulate').if(
        () => {
          code.get(out).memory('f32.load', i * 4)
          sum().op('f32.add')
        },
        () => sum(),
        'f32',
      )
      code.memory('f32.store', i * 4)
    })
  })
}

/** Gives what adds the products of a block of all rows and columns to totals of two float64 lanes. */
function sumsOf(code: Code, tile: Tile, rows: readonly Local[], columns: readonly Local[], depth: Local) {
  const vector = () => code.local('v128')
  // As many sums as hide the latency of an addition.
  const turns = rows.length * columns.length >= 4 ? 1 : 4
  const sums = rows.flatMap(() => columns.map(() => Array.from({ length: turns }, vector)))
  const values = columns.map(vector)
  const [value, mask] = [vector(), vector()]
  const [at, end, limit] = Array.from({ length: 3 }, () => code.local('i32'))

  // More than eight sums would spill.
  const half = Math.ceil(rows.length / 2)
  const passes = rows.length * columns.length > 8 ? [rows.slice(0, half), rows.slice(half)] : [rows]

  const multiply = (pass: readonly Local[], turn: number, masked: boolean) => {
    const load = (line: Local) => {
      code
        .get(line)
        .get(at)
        .op('i32.add')
        .memory('v128.load', turn * 16)
      if (masked) code.get(mask).op('v128.and')
    }
    columns.forEach((column, j) => {
      load(column)
      code.set(values[j])
    })
    for (const row of pass) {
      const i = rows.indexOf(row)
      load(row)
      code.set(value)
      columns.forEach((_, j) => {
        const sum = sums[i * columns.length + j][turn]
        code.get(value).get(values[j])
        tile.multiplyAdd(code, sum).set(sum)
      })
    }
  }
  const upTo = (multiple: number, body: () => void) => {
    code
      .get(depth)
      .i32(-4 * multiple)
      .op('i32.and')
      .i32(4)
      .op('i32.mul')
      .set(end)
    whileBelow(code, at, end, 16 * multiple, body)
  }

  return (totals: readonly Local[]): void => {
    for (const sum of sums.flat()) code.i32x4(0).set(sum)
    code.i32x4(0, 1, 2, 3).get(depth).i32(3).op('i32.and').tee(limit).op('i32x4.splat').op('i32x4.lt_s').set(mask)
    for (const pass of passes) {
      code.i32(0).set(at)
      if (turns > 1)
        upTo(turns, () => {
          for (let turn = 0; turn < turns; turn++) multiply(pass, turn, false)
        })
      upTo(1, () => multiply(pass, 0, false))
      // The last one to three steps; what stands behind them may be NaN.
      code.get(limit).if(() => multiply(pass, 0, true))
    }
    sums.forEach(([sum, ...others], i) => {
      for (const other of others) code.get(sum).get(other).op('f32x4.add').set(sum)
      code.get(totals[i])
      code.get(sum).op('f64x2.promote_low_f32x4').get(sum).get(sum).shuffle(halves.high)
      code.op('f64x2.promote_low_f32x4').op('f64x2.add').op('f64x2.add').set(totals[i])
    })
  }
}
