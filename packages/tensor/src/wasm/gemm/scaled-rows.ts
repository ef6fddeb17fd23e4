import type { Code, Local } from '../code.ts'
import { parameters } from './block.ts'
import type { ProductBlock } from './layout.ts'
import type { ThinShape } from './lines.ts'
import { advance, whileBelow } from './loops.ts'
import { OperandCode } from './operand.ts'
import { sourceOf } from './source.ts'
import type { Tile } from './tile.ts'
import { takeDepth, takeShare } from './units.ts'

/** Columns whose sums stay in the first cache while the steps of depth pass by. */
export const stretch = 1024

/**
 * Writes the phase of a product with one to four lines in one operand, where the lines of the other are neighbours in
 * memory: at each step of depth they make a row, which is scaled and added. A unit is a stretch of columns in one
 * entry of the batch.
 */
export function writeScaledRows(block: ProductBlock, tile: Tile, { few, count }: ThinShape): void {
  const { code } = block
  const float = sourceOf('float32', 1)
  const factors = new OperandCode(block, few, float, 4)
  const rows = new OperandCode(block, few === 'a' ? 'b' : 'a', float, 4)
  const locals = Array.from({ length: 14 }, () => code.local('i32'))
  const [unit, first, columns, spare, entry, head, depthAt, depth, panel, at, left, out, fewCount, bytes] = locals
  const zero = code.local('i32')
  const together = count > 2 ? 2 : 4
  const sums = parameters.scratch

  const addRows = (many: number) => {
    writeRows(code, tile, { many, count, sums, bytes, panel: at, steps: spare, head })
    advance(code, spare, many * 4)
    advance(code, at, many * 16)
    code.get(left).i32(many).op('i32.sub').set(left)
  }
  whileBelow(code, parameters.begin, parameters.end, 1, () => {
    code.get(parameters.begin).set(unit)
    takeShare(block, unit, 'columns', first, columns, spare)
    code.get(unit).set(entry)
    factors.enter(entry)
    block.get('rows').set(fewCount)
    factors.takeLines(zero, fewCount)
    rows.enter(entry)
    code.i32(1).set(spare)
    rows.takeLines(first, spare)
    code.get(rows.lines).memory('i32.load').set(head)
    block.pointer('out').get(entry)
    block.get('entryBytes').op('i32.mul').op('i32.add').get(first)
    block.get('columnBytes').op('i32.mul').op('i32.add').set(out)
    code.get(columns).i32(3).op('i32.add').i32(-4).op('i32.and').i32(4).op('i32.mul').set(bytes)
    code.i32(0).set(depthAt)
    code.loop(next => {
      takeDepth(block, depthAt, depth, spare)
      factors.takeSteps(depthAt, depth)
      block.get(`${few}Panels`).get(parameters.scratch).op('i32.add').set(panel)
      factors.pack(fewCount, depth, depth, panel)
      rows.takeSteps(depthAt, depth)
      clearSums(code, count, sums, bytes)
      code.get(rows.steps).set(spare).get(panel).set(at).get(depth).set(left)
      code.block(done => {
        code.loop(more => {
          code.get(left).i32(together).op('i32.lt_s').branchIf(done)
          addRows(together)
          code.branch(more)
        })
      })
      code.block(done => {
        code.loop(more => {
          code.get(left).op('i32.eqz').branchIf(done)
          addRows(1)
          code.branch(more)
        })
      })
      block.get('accumulate').get(depthAt).op('i32.or').set(spare)
      storeSums(block, count, columns, out, spare)
      block.get('depthBlock').get(depthAt).op('i32.add').tee(depthAt)
      block.get('depth').op('i32.lt_s').branchIf(next)
    })
  })
}

function clearSums(code: Code, count: number, sums: Local, bytes: Local): void {
  const [at, address] = [code.local('i32'), code.local('i32')]
  code.i32(0).set(at)
  whileBelow(code, at, bytes, 16, () => {
    code.get(sums).get(at).op('i32.add').set(address)
    for (let f = 0; f < count; f++)
      code
        .get(address)
        .i32x4(0)
        .memory('v128.store', f * stretch * 4)
  })
}

interface RowsLocals {
  /** Rows to add and lines to scale them for. */
  readonly many: number
  readonly count: number
  readonly sums: Local
  readonly bytes: Local
  readonly panel: Local
  readonly steps: Local
  readonly head: Local
}

/** Adds some rows, scaled by the factors at `panel`, to the sums. */
function writeRows(code: Code, tile: Tile, { many, count, sums, bytes, panel, steps, head }: RowsLocals): void {
  const rows = Array.from({ length: many }, () => code.local('i32'))
  const values = rows.map(() => code.local('v128'))
  const factors = rows.map(() => Array.from({ length: count }, () => code.local('v128')))
  const [at, address, sum] = [code.local('i32'), code.local('i32'), code.local('v128')]
  rows.forEach((row, r) => {
    code
      .get(steps)
      .memory('i32.load', r * 4)
      .get(head)
      .op('i32.add')
      .set(row)
    factors[r].forEach((factor, f) => {
      code
        .get(panel)
        .memory('v128.load32_splat', r * 16 + f * 4)
        .set(factor)
    })
  })
  code.i32(0).set(at)
  whileBelow(code, at, bytes, 16, () => {
    rows.forEach((row, r) => {
      code.get(row).get(at).op('i32.add').memory('v128.load').set(values[r])
    })
    code.get(sums).get(at).op('i32.add').set(address)
    for (let f = 0; f < count; f++) {
      code
        .get(address)
        .memory('v128.load', f * stretch * 4)
        .set(sum)
      values.forEach((value, r) => {
        code.get(factors[r][f]).get(value)
        tile.multiplyAdd(code, sum).set(sum)
      })
      code
        .get(address)
        .get(sum)
        .memory('v128.store', f * stretch * 4)
    }
  })
}

/** Stores the sums of a stretch, or adds them where `accumulate` is not 0. */
function storeSums(block: ProductBlock, count: number, columns: Local, out: Local, accumulate: Local): void {
  const { code } = block
  const [from, to, left, columnBytes] = Array.from({ length: 4 }, () => code.local('i32'))
  block.get('columnBytes').set(columnBytes)
  for (let f = 0; f < count; f++) {
    code.get(out)
    block.get('rowBytes').i32(f).op('i32.mul').op('i32.add').set(to)
    code.get(parameters.scratch).set(from).get(columns).set(left)
    code.repeat(left, () => {
      const sum = () => code.get(from).memory('f32.load', f * stretch * 4)
      code.get(to)
      code.get(accumulate).if(
        () => {
          code.get(to).memory('f32.load')
          sum().op('f32.add')
        },
        () => sum(),
        'f32',
      )
      code.memory('f32.store')
      advance(code, from, 4)
      code.get(to).get(columnBytes).op('i32.add').set(to)
    })
  }
}
