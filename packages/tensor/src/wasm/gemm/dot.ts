import type { Code, Local } from '../code.ts'
import { getPointer, parameters } from './block.ts'
import { layout } from './layout.ts'
import { advance, smaller, whileBelow } from './loops.ts'
import { takeShare } from './multiply.ts'
import { OperandCode } from './operand.ts'
import { sourceOf } from './source.ts'
import type { Tile } from './tile.ts'
import { halves, transposeFour } from './transpose.ts'

/** Products summed in float32 before they join a float64 sum. */
const dotBlock = 1024

/** Which operand has the few lines, how many, and whether these must be copied to lie along memory. */
export interface ThinShape {
  readonly few: 'a' | 'b'
  readonly count: number
  readonly copied: boolean
}

/**
 * Writes the phase of a product with one to four lines in one operand, where the lines of the other run along memory
 * and are read where they are, four at a time. A unit is some of these lines in one entry of the batch.
 */
export function writeDot(code: Code, tile: Tile, { few, count, copied }: ThinShape): void {
  const float = sourceOf('float32', 1)
  const fewLines = new OperandCode(code, few, float, 4)
  const manyLines = new OperandCode(code, few === 'a' ? 'b' : 'a', float, 4)
  const locals = Array.from({ length: 11 }, () => code.local('i32'))
  const [unit, first, lines, spare, depth, zero, entry, left, out, line, rows] = locals
  const factors = Array.from({ length: count }, () => code.local('i32'))

  layout.get(code, 'depth').set(depth)
  whileBelow(code, parameters.begin, parameters.end, 1, () => {
    code.get(parameters.begin).set(unit)
    takeShare(code, unit, 'columns', first, lines, spare)
    code.get(unit).set(entry)
    fewLines.enter(entry)
    manyLines.enter(entry)
    manyLines.takeLines(first, lines)
    layout.get(code, 'rows').set(rows)
    fewLines.takeLines(zero, rows)
    if (copied) copyLines(code, fewLines, few, rows, depth)
    factors.forEach((factor, f) => {
      if (copied)
        layout
          .get(code, `${few}Panels`)
          .get(parameters.scratch)
          .op('i32.add')
          .get(depth)
          .i32(f * 4)
          .op('i32.mul')
          .op('i32.add')
      else code.get(fewLines.lines).memory('i32.load', f * 4)
      code.set(factor)
    })
    getPointer(code, 'out').get(entry)
    layout.get(code, 'entryBytes').op('i32.mul').op('i32.add').get(first)
    layout.get(code, 'columnBytes').op('i32.mul').op('i32.add').set(out)
    code.get(manyLines.lines).set(line).get(lines).set(left)
    code.loop(next => {
      writeFourLines(code, tile, line, factors, depth)
      storeFour(code, factors.length, out, left)
      advance(code, line, 16)
      code.get(left).i32(4).op('i32.sub').tee(left).i32(0).op('i32.gt_s').branchIf(next)
    })
  })
}

/** Brings the few lines together behind one another in scratch memory. */
function copyLines(code: Code, operand: OperandCode, name: 'a' | 'b', rows: Local, depth: Local): void {
  const [line, step, to, stepEnd, zero, counted] = Array.from({ length: 6 }, () => code.local('i32'))
  code.get(depth).set(counted)
  operand.takeSteps(zero, counted)
  layout.get(code, `${name}Panels`).get(parameters.scratch).op('i32.add').set(to)
  code.get(operand.lines).set(line)
  code.get(rows).set(counted)
  code.repeat(counted, () => {
    code.get(operand.steps).tee(step).get(depth).i32(4).op('i32.mul').op('i32.add').set(stepEnd)
    code.loop(next => {
      code.get(to).get(step).memory('i32.load').get(line).memory('i32.load').op('i32.add').memory('i32.load')
      code.memory('i32.store')
      advance(code, to, 4)
      advance(code, step, 4)
      code.get(step).get(stepEnd).op('i32.ne').branchIf(next)
    })
    advance(code, line, 4)
  })
}

/** Leaves in scratch memory, for each of the few lines, its products with four lines. */
function writeFourLines(code: Code, tile: Tile, line: Local, factors: Local[], depth: Local): void {
  const vector = () => code.local('v128')
  const sums = factors.map(() => [vector(), vector(), vector(), vector()])
  const totals = factors.map(() => [vector(), vector()])
  const values = factors.map(vector)
  const [row, mask, low, high] = [vector(), vector(), vector(), vector()]
  const rows = Array.from({ length: 4 }, () => code.local('i32'))
  const [begin, at, end, left, block] = Array.from({ length: 5 }, () => code.local('i32'))
  // More sums than these would spill.
  const passes =
    factors.length > 2
      ? [
          [0, 1],
          [2, 3],
        ]
      : [[0, 1, 2, 3]]

  const multiply = (pass: readonly number[], masked: boolean) => {
    const load = (pointer: Local) => {
      code.get(pointer).get(at).op('i32.add').memory('v128.load')
      return masked ? code.get(mask).op('v128.and') : code
    }
    values.forEach((value, f) => {
      load(factors[f]).set(value)
    })
    for (const r of pass) {
      load(rows[r]).set(row)
      values.forEach((value, f) => {
        code.get(value).get(row)
        tile.multiplyAdd(code, sums[f][r]).set(sums[f][r])
      })
    }
  }

  rows.forEach((pointer, r) => {
    const offset = r * 4
    code.get(line).memory('i32.load', offset).set(pointer)
  })
  code.i32x4(0, 1, 2, 3).get(depth).i32(3).op('i32.and').op('i32x4.splat').op('i32x4.lt_s').set(mask)
  for (const total of totals.flat()) code.i32x4(0).set(total)
  code.i32(dotBlock).set(block).get(depth).set(left).i32(0).set(begin)
  code.loop(nextBlock => {
    for (const sum of sums.flat()) code.i32x4(0).set(sum)
    smaller(code, left, block).i32(-4).op('i32.and').i32(4).op('i32.mul').get(begin).op('i32.add').set(end)
    code.get(left).get(block).op('i32.sub').set(left)
    for (const pass of passes) {
      code.get(begin).set(at)
      whileBelow(code, at, end, 16, () => multiply(pass, false))
      // The last one to three steps; what stands behind them may be NaN.
      code.get(left).i32(0).op('i32.lt_s').get(depth).i32(3).op('i32.and').i32(0).op('i32.ne').op('i32.and')
      code.if(() => multiply(pass, true))
    }
    code.get(end).set(begin)
    sums.forEach((four, f) => {
      transposeFour(code, four, [row, low, high, four[0]])
      code.get(row).get(low).op('f32x4.add').get(high).get(four[0]).op('f32x4.add').op('f32x4.add').set(row)
      const [first, second] = totals[f]
      code.get(row).op('f64x2.promote_low_f32x4').get(first).op('f64x2.add').set(first)
      code.get(row).get(row).shuffle(halves.high)
      code.op('f64x2.promote_low_f32x4').get(second).op('f64x2.add').set(second)
    })
    code.get(left).i32(0).op('i32.gt_s').branchIf(nextBlock)
  })
  totals.forEach((pair, f) => {
    pair.forEach((half, h) => {
      code.get(parameters.scratch).get(half).op('f32x4.demote_f64x2_zero')
      code.memoryLane('v128.store64_lane', 0, f * 16 + h * 8)
    })
  })
}

/** Stores the results of up to four lines from scratch memory and moves on. */
function storeFour(code: Code, count: number, out: Local, left: Local): void {
  const [from, four, lines, columnBytes] = Array.from({ length: 4 }, () => code.local('i32'))
  layout.get(code, 'columnBytes').set(columnBytes)
  code.i32(4).set(four).get(parameters.scratch).set(from)
  smaller(code, left, four).set(lines)
  code.repeat(lines, () => {
    for (let f = 0; f < count; f++) {
      code.get(out)
      layout.get(code, 'rowBytes').i32(f).op('i32.mul').op('i32.add')
      code
        .get(from)
        .memory('i32.load', f * 16)
        .memory('i32.store')
    }
    advance(code, from, 4)
    code.get(out).get(columnBytes).op('i32.add').set(out)
  })
}
