import { parameters } from './block.ts'
import type { ProductBlock } from './layout.ts'
import { multiplierOf } from './lines-sums.ts'
import { advance, whileBelow } from './loops.ts'
import { OperandCode } from './operand.ts'
import { sourceOf } from './source.ts'
import type { Tile } from './tile.ts'
import { takeShare } from './units.ts'

/** Which operand has the few lines, how many, and whether these must be copied to lie along memory. */
export interface ThinShape {
  readonly few: 'a' | 'b'
  readonly count: number
  readonly copied: boolean
}

/** A shape, and which operands' lines lie along memory in runs only. */
export interface LinesShape extends ThinShape {
  readonly runsOfFew: boolean
  readonly runsOfMany: boolean
}

/** Fours of lines that are read together, as many as hide the latency of sums. */
const foursTogether = 4

/**
 * Writes the phase of a product with one to four lines in one operand, where the lines of the other run along memory,
 * at least for some steps at a time, and are read where they are. Four lines are transposed in registers, so that their sums take one step of depth
 * after the other, as in the other kernels. A unit is some of these lines in one entry of the batch.
 */
export function writeLines(block: ProductBlock, tile: Tile, shape: LinesShape): void {
  const { few, count, copied, runsOfFew, runsOfMany } = shape
  const { code } = block
  const float = sourceOf('float32', 1)
  const fewLines = new OperandCode(block, few, float, 4)
  const manyLines = new OperandCode(block, few === 'a' ? 'b' : 'a', float, 16)
  const locals = Array.from({ length: 9 }, () => code.local('i32'))
  const [unit, first, lines, spare, depth, zero, left, out, line] = locals
  const factors = Array.from({ length: count }, () => code.local('i32'))

  block.get('depth').set(depth)
  whileBelow(code, parameters.begin, parameters.end, 1, () => {
    code.get(parameters.begin).set(unit)
    takeShare(block, unit, 'columns', first, lines, spare)
    fewLines.enter(unit)
    manyLines.enter(unit)
    manyLines.takeLines(first, lines)
    code.i32(count).set(spare)
    fewLines.takeLines(zero, spare)
    if (copied) fewLines.takeSteps(zero, depth)
    factors.forEach((factor, f) => {
      code
        .get(fewLines.lines)
        .memory('i32.load', f * 4)
        .set(factor)
      if (!copied) return
      block.get(`${few}Panels`).get(parameters.scratch).op('i32.add').get(depth)
      code
        .i32(f * 4)
        .op('i32.mul')
        .op('i32.add')
      fewLines.copyLine(factor, depth)
    })
    block.pointer('out').get(unit)
    block.get('entryBytes').op('i32.mul').op('i32.add').get(first)
    block.get('columnBytes').op('i32.mul').op('i32.add').set(out)
    code.get(manyLines.lines).set(line).get(lines).set(left)
    const operands = { few: runsOfFew ? fewLines : null, many: runsOfMany ? manyLines : null, factors }
    for (const fours of [foursTogether, 1]) {
      const multiply = multiplierOf(block, tile, fours, operands)
      // The last lines are done as the first of a whole number of fours, unless one is enough.
      code.block(end =>
        code.loop(next => {
          code
            .get(left)
            .i32(fours > 1 ? 4 : 0)
            .op('i32.le_s')
            .branchIf(end)
          multiply({ line, depth, out, left })
          advance(code, line, fours * 16)
          code
            .get(left)
            .i32(fours * 4)
            .op('i32.sub')
            .set(left)
            .branch(next)
        }),
      )
    }
  })
}
