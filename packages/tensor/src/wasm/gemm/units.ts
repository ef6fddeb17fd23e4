import type { Local } from '../code.ts'
import type { ProductBlock } from './layout.ts'
import { smaller } from './loops.ts'
import type { Tile } from './tile.ts'

/** Divides the number of a unit: sets the first of its rows or columns and how many they are, leaves the quotient. */
export function takeShare(
  block: ProductBlock,
  unit: Local,
  name: 'rows' | 'columns',
  first: Local,
  count: Local,
  spare: Local,
): void {
  const { code } = block
  const [shares, share] =
    name === 'rows' ? (['rowUnits', 'unitRows'] as const) : (['columnUnits', 'unitColumns'] as const)
  code.get(unit)
  block.get(shares).op('i32.rem_u')
  block.get(share).op('i32.mul').set(first)
  code.get(unit)
  block.get(shares).op('i32.div_u').set(unit)
  block.get(name).get(first).op('i32.sub').set(count)
  block.get(share).set(spare)
  smaller(code, count, spare).set(count)
}

/** Sets the steps of the block of depth at `at`. */
export function takeDepth(block: ProductBlock, at: Local, depth: Local, spare: Local): void {
  block.get('depth').get(at).op('i32.sub').set(depth)
  block.get('depthBlock').set(spare)
  smaller(block.code, depth, spare).set(depth)
}

/** Locals of a loop over blocks of depth. */
export interface DepthLocals {
  /** Where the block begins. */
  readonly at: Local
  readonly depth: Local
  /** Packed elements a line. */
  readonly packedDepth: Local
  readonly spare: Local
}

/** Runs `body` for each block of the phase's depth, for one of no steps where there is no depth. */
export function eachDepthBlock(block: ProductBlock, tile: Tile, locals: DepthLocals, body: () => void): void {
  const { code } = block
  const { at, depth, packedDepth, spare } = locals
  const whole = tile.pair * tile.unroll
  block.get('firstDepth').set(at)
  code.loop(next => {
    takeDepth(block, at, depth, spare)
    code
      .get(depth)
      .i32(whole - 1)
      .op('i32.add')
      .i32(whole)
      .op('i32.div_u')
      .i32(tile.unroll)
      .op('i32.mul')
    code.set(packedDepth)
    body()
    block.get('depthBlock').get(at).op('i32.add').tee(at)
    block.get('depth').op('i32.lt_s').branchIf(next)
  })
}

/** Sets the address of the panels of b that one entry of the batch has in the workspace, a block of depth after the other. */
export function enterPanels(block: ProductBlock, entry: Local, panels: Local): void {
  const { code } = block
  block.pointer('workspace').get(entry)
  block.get('packedBytes').op('i32.mul').op('i32.add')
  code.set(panels)
}

/** Sets the address of the panel that begins with a column, in the block of depth at `panels`. */
export function findPanel(block: ProductBlock, panels: Local, column: Local, packedDepth: Local, to: Local): void {
  block.code.get(column).get(packedDepth).op('i32.mul').i32(4).op('i32.mul').get(panels).op('i32.add').set(to)
}

/** Moves to the panels of the next block of depth, which stand behind those of all columns. */
export function skipPanels(block: ProductBlock, tile: Tile, packedDepth: Local, panels: Local): void {
  block
    .get('columns')
    .i32(tile.columns - 1)
    .op('i32.add')
    .i32(-tile.columns)
    .op('i32.and')
  block.code.get(packedDepth).op('i32.mul').i32(4).op('i32.mul').get(panels).op('i32.add').set(panels)
}
