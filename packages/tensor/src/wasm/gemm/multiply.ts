import type { Code, Local } from '../code.ts'
import { parameters } from './block.ts'
import type { ProductBlock } from './layout.ts'
import { advance, smaller, whileBelow } from './loops.ts'
import { OperandCode } from './operand.ts'
import type { Source } from './source.ts'
import { rowCounts, type Tile, type TileLocals, writeTile } from './tile.ts'
import { eachDepthBlock, enterPanels, findPanel, skipPanels, takeShare } from './units.ts'

/** Writes what is done with a finished block of the product: some columns of some rows of one entry of the batch. */
export type Finish = (block: ProductBlock, finished: FinishedBlock) => void

/** Locals of a finished block. */
export interface FinishedBlock {
  readonly entry: Local
  readonly row: Local
  readonly rows: Local
  readonly column: Local
  readonly columns: Local
  /** Address of the block's first element, and bytes between its rows. */
  readonly at: Local
  readonly rowBytes: Local
}

/**
 * Writes the phase that multiplies. A unit is some rows and some columns of one entry of the batch: for each block of
 * depth it packs the columns' part of b, or finds it packed in the workspace where `b` is null, and then packs a
 * block of rows after the other and multiplies them. With a `finish` the sums stay in scratch memory.
 */
export function writeMultiply(
  block: ProductBlock,
  tile: Tile,
  a: Source,
  b: Source | null,
  finish: Finish | null,
): void {
  const { code } = block
  const locals = Array.from({ length: 20 }, () => code.local('i32'))
  const [entry, column, columnCount, row, rowEnd, unitRow, rowBlock, depthAt, depth, packedDepth] = locals
  const [limit, panels, rowCount, bPanels, out, rowBytes, unit, accumulate, next, last] = locals.slice(10)
  const rowsOfA = new OperandCode(block, 'a', a, tile.rows)
  const columnsOfB = b && new OperandCode(block, 'b', b, tile.columns)

  block.get('aPanels').get(parameters.scratch).op('i32.add').set(panels)
  block.get('rowBytes').set(rowBytes)
  block.get('rowBlock').set(rowBlock)
  // What finishes a block uses the parameters for itself.
  code.get(parameters.begin).set(next).get(parameters.end).set(last)
  whileBelow(code, next, last, 1, () => {
    code.get(next).set(unit)
    takeShare(block, unit, 'columns', column, columnCount, limit)
    takeShare(block, unit, 'rows', unitRow, rowCount, limit)
    code.get(unitRow).get(rowCount).op('i32.add').set(rowEnd)
    block.get('firstEntry').get(unit).op('i32.add').set(entry)
    rowsOfA.enter(entry)
    if (columnsOfB) {
      columnsOfB.enter(entry)
      block.get('firstColumn').get(column).op('i32.add').set(limit)
      columnsOfB.takeLines(limit, columnCount)
      block.get('bPanels').get(parameters.scratch).op('i32.add').set(bPanels)
    } else enterPanels(block, unit, bPanels)
    // Where the unit's columns of the entry's first row stand.
    if (!finish) {
      block.pointer('out').get(entry)
      block.get('entryBytes').op('i32.mul').op('i32.add')
      block.get('firstColumn').get(column).op('i32.add').i32(4).op('i32.mul').op('i32.add').set(out)
    }
    eachDepthBlock(block, tile, { at: depthAt, depth, packedDepth, spare: limit }, () => {
      rowsOfA.takeSteps(depthAt, depth)
      if (columnsOfB) {
        columnsOfB.takeSteps(depthAt, depth)
        columnsOfB.pack(columnCount, depth, packedDepth, bPanels)
        code.get(bPanels).set(limit)
      } else findPanel(block, bPanels, column, packedDepth, limit)
      block.get('accumulate').get(depthAt).op('i32.or').set(accumulate)
      code.get(unitRow).set(row)
      whileBelow(code, row, rowEnd, [rowBlock], () => {
        code.get(rowEnd).get(row).op('i32.sub').set(rowCount)
        smaller(code, rowCount, rowBlock).set(rowCount)
        rowsOfA.takeLines(row, rowCount)
        rowsOfA.pack(rowCount, depth, packedDepth, panels)
        if (finish) {
          block.get('sums').get(parameters.scratch).op('i32.add').get(unitRow).get(row)
          block.get('keepsRows').select().get(rowBytes).op('i32.mul').op('i32.sub').set(out)
        }
        writeTiles(code, tile, {
          a: panels,
          b: limit,
          rows: rowCount,
          columns: columnCount,
          packedDepth,
          out,
          row,
          rowBytes,
          accumulate,
        })
        if (finish) {
          code.get(depthAt).get(depth).op('i32.add')
          block.get('depth').op('i32.ge_s')
          code.if(() => {
            const [at, first] = [code.local('i32'), code.local('i32')]
            code.get(out).get(row).get(rowBytes).op('i32.mul').op('i32.add').set(at)
            block.get('firstColumn').get(column).op('i32.add').set(first)
            finish(block, { entry, row, rows: rowCount, column: first, columns: columnCount, at, rowBytes })
          })
        }
      })
      if (!columnsOfB) skipPanels(block, tile, packedDepth, bPanels)
    })
  })
}

interface TilesLocals {
  readonly a: Local
  readonly b: Local
  readonly rows: Local
  readonly columns: Local
  readonly packedDepth: Local
  readonly out: Local
  readonly row: Local
  readonly rowBytes: Local
  readonly accumulate: Local
}

/** Multiplies packed blocks; tiles at the edge of the result go through scratch memory. */
function writeTiles(code: Code, tile: Tile, block: TilesLocals): void {
  const [a, b, bAt, steps, at, tileAt, columnAt, stride] = Array.from({ length: 8 }, () => code.local('i32'))
  const [accumulate, rowsLeft, columnsLeft, inside, rows] = Array.from({ length: 5 }, () => code.local('i32'))
  code.get(block.out).get(block.row).get(block.rowBytes).op('i32.mul').op('i32.add').set(columnAt)
  code.get(block.b).set(b).get(block.columns).set(columnsLeft)
  code.loop(nextColumns => {
    code.get(block.a).set(a).get(columnAt).set(tileAt).get(block.rows).set(rowsLeft)
    code.loop(nextRows => {
      code.get(b).set(bAt).get(block.packedDepth).set(steps)
      chooseRows(code, tile, rowsLeft).tee(rows).get(rowsLeft).op('i32.le_s')
      code.get(columnsLeft).i32(tile.columns).op('i32.ge_s').op('i32.and').tee(inside)
      code.if(
        () => code.get(tileAt).set(at).get(block.rowBytes).set(stride).get(block.accumulate).set(accumulate),
        () => {
          code.get(parameters.scratch).set(at)
          code
            .i32(tile.columns * 4)
            .set(stride)
            .i32(0)
            .set(accumulate)
        },
      )
      writeTileOf(code, tile, rows, { a, b: bAt, steps, out: at, stride, accumulate })
      code
        .get(inside)
        .op('i32.eqz')
        .if(() => {
          writeEdge(code, tile, {
            rowsLeft,
            columnsLeft,
            to: tileAt,
            rowBytes: block.rowBytes,
            accumulate: block.accumulate,
          })
        })
      code.get(tileAt).get(block.rowBytes).i32(tile.rows).op('i32.mul').op('i32.add').set(tileAt)
      code.get(rowsLeft).i32(tile.rows).op('i32.sub').tee(rowsLeft).i32(0).op('i32.gt_s').branchIf(nextRows)
    })
    code
      .get(block.packedDepth)
      .i32(tile.columns * 4)
      .op('i32.mul')
      .get(b)
      .op('i32.add')
      .set(b)
    advance(code, columnAt, tile.columns * 4)
    code.get(columnsLeft).i32(tile.columns).op('i32.sub').tee(columnsLeft).i32(0).op('i32.gt_s').branchIf(nextColumns)
  })
}

/** Puts on the stack how many rows of a tile to multiply where so many are left. */
function chooseRows(code: Code, tile: Tile, left: Local): Code {
  const counts = rowCounts(tile)
  for (const count of counts) code.i32(count)
  for (const smaller of counts.slice(1).toReversed()) code.get(left).i32(smaller).op('i32.gt_s').select()
  return code
}

/** Multiplies as many rows of a tile as the local says. */
function writeTileOf(code: Code, tile: Tile, rows: Local, locals: TileLocals): void {
  const write = ([count, ...others]: readonly number[]): void => {
    if (others.length === 0) writeTile(code, tile, count, locals)
    else
      code
        .get(rows)
        .i32(count)
        .op('i32.eq')
        .if(
          () => writeTile(code, tile, count, locals),
          () => write(others),
        )
  }
  write(rowCounts(tile))
}

/** Copies or adds the part of the tile in scratch memory that lies inside of the result. */
function writeEdge(
  code: Code,
  tile: Tile,
  edge: { rowsLeft: Local; columnsLeft: Local; to: Local; rowBytes: Local; accumulate: Local },
): void {
  const [rowLimit, rowBytes, to, end, from, line] = Array.from({ length: 6 }, () => code.local('i32'))
  const all = code.local('i32')
  code.i32(tile.rows).set(all)
  smaller(code, edge.rowsLeft, all).set(rowLimit)
  code.i32(tile.columns).set(all)
  smaller(code, edge.columnsLeft, all).i32(4).op('i32.mul').set(rowBytes)
  code.get(parameters.scratch).set(line).get(edge.to).set(all)
  code.repeat(rowLimit, () => {
    code.get(line).set(from).get(all).tee(to).get(rowBytes).op('i32.add').set(end)
    code.loop(next => {
      code.get(to)
      code.get(edge.accumulate).if(
        () => {
          if (tile.integer) code.get(to).memory('i32.load').get(from).memory('i32.load').op('i32.add')
          else code.get(to).memory('f32.load').get(from).memory('f32.load').op('f32.add').op('i32.reinterpret_f32')
        },
        () => code.get(from).memory('i32.load'),
        'i32',
      )
      code.memory('i32.store')
      advance(code, from, 4)
      advance(code, to, 4)
      code.get(to).get(end).op('i32.ne').branchIf(next)
    })
    advance(code, line, tile.columns * 4)
    code.get(all).get(edge.rowBytes).op('i32.add').set(all)
  })
}
