import { parameters } from './block.ts'
import type { ProductBlock } from './layout.ts'
import { whileBelow } from './loops.ts'
import { OperandCode } from './operand.ts'
import type { Source } from './source.ts'
import type { Tile } from './tile.ts'
import { eachDepthBlock, enterPanels, findPanel, skipPanels, takeShare } from './units.ts'

/**
 * Writes the phase that packs b into the workspace: entries of the batch behind one another, in each the blocks of
 * depth, in each the panels. A unit is some columns of one entry.
 */
export function writePackPhase(block: ProductBlock, tile: Tile, source: Source): void {
  const { code } = block
  const locals = Array.from({ length: 9 }, () => code.local('i32'))
  const [unit, column, count, entry, panels, at, depth, packedDepth, spare] = locals
  const columns = new OperandCode(block, 'b', source, tile.columns)
  whileBelow(code, parameters.begin, parameters.end, 1, () => {
    code.get(parameters.begin).set(unit)
    takeShare(block, unit, 'columns', column, count, spare)
    block.get('firstEntry').get(unit).op('i32.add').set(entry)
    enterPanels(block, unit, panels)
    columns.enter(entry)
    block.get('firstColumn').get(column).op('i32.add').set(spare)
    columns.takeLines(spare, count)
    eachDepthBlock(block, tile, { at, depth, packedDepth, spare }, () => {
      columns.takeSteps(at, depth)
      findPanel(block, panels, column, packedDepth, spare)
      columns.pack(count, depth, packedDepth, spare)
      skipPanels(block, tile, packedDepth, panels)
    })
  })
}
