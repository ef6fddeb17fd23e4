import type { Code } from '../code.ts'
import { getPointer, parameters } from './block.ts'
import { layout } from './layout.ts'
import { whileBelow } from './loops.ts'
import { takeDepth, takeShare } from './multiply.ts'
import { countPacked, OperandCode } from './operand.ts'
import type { Source } from './source.ts'
import type { Tile } from './tile.ts'

/**
 * Writes the phase that packs b into the workspace: entries of the batch behind one another, in each the blocks of
 * depth, in each the panels. A unit is some columns of one entry.
 */
export function writePackPhase(code: Code, tile: Tile, source: Source): void {
  const locals = Array.from({ length: 9 }, () => code.local('i32'))
  const [unit, column, count, entry, block, depthAt, depth, packedDepth, spare] = locals
  const columns = new OperandCode(code, 'b', source, tile.columns)
  whileBelow(code, parameters.begin, parameters.end, 1, () => {
    code.get(parameters.begin).set(unit)
    takeShare(code, unit, 'columns', column, count, spare)
    layout.get(code, 'firstEntry').get(unit).op('i32.add').set(entry)
    getPointer(code, 'workspace').get(unit)
    layout.get(code, 'packedBytes').op('i32.mul').op('i32.add').set(block)
    columns.enter(entry)
    layout.get(code, 'firstColumn').get(column).op('i32.add').set(spare)
    columns.takeLines(spare, count)
    layout.get(code, 'firstDepth').set(depthAt)
    code.loop(next => {
      takeDepth(code, depthAt, depth, spare)
      countPacked(code, tile, depth, packedDepth)
      columns.takeSteps(depthAt, depth)
      code.get(column).get(packedDepth).op('i32.mul').i32(4).op('i32.mul').get(block).op('i32.add').set(spare)
      columns.pack(count, depth, packedDepth, spare)
      layout
        .get(code, 'columns')
        .i32(tile.columns - 1)
        .op('i32.add')
        .i32(-tile.columns)
        .op('i32.and')
      code.get(packedDepth).op('i32.mul').i32(4).op('i32.mul').get(block).op('i32.add').set(block)
      layout.get(code, 'depthBlock').get(depthAt).op('i32.add').tee(depthAt)
      layout.get(code, 'depth').op('i32.lt_s').branchIf(next)
    })
  })
}
