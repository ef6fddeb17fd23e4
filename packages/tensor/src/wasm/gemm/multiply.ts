import type { Code, Local } from '../code.ts'
import { getPointer, parameters } from './block.ts'
import { layout } from './layout.ts'
import { advance, smaller, whileBelow } from './loops.ts'
import { countPacked, OperandCode } from './operand.ts'
import type { Source } from './source.ts'
import { type Tile, writeTile } from './tile.ts'

/**
 * Writes the phase that multiplies. A unit is some rows and some columns of one entry of the batch: for each block of
 * depth it packs the columns' part of b, or finds it packed in the workspace where `b` is null, and then packs a
 * block of rows after the other and multiplies them.
 */
export function writeMultiply(code: Code, tile: Tile, a: Source, b: Source | null): void {
  const locals = Array.from({ length: 13 }, () => code.local('i32'))
  const [entry, column, columnCount, row, rowEnd, unitRow, rowBlock] = locals
  const [depthAt, depth, packedDepth, limit, panels, rowCount] = locals.slice(7)
  const [bPanels, out, rowBytes, unit] = Array.from({ length: 4 }, () => code.local('i32'))
  const rowsOfA = new OperandCode(code, 'a', a, tile.rows)
  const columnsOfB = b && new OperandCode(code, 'b', b, tile.columns)

  layout.get(code, 'aPanels').get(parameters.scratch).op('i32.add').set(panels)
  layout.get(code, 'rowBytes').set(rowBytes)
  layout.get(code, 'rowBlock').set(rowBlock)
  whileBelow(code, parameters.begin, parameters.end, 1, () => {
    code.get(parameters.begin).set(unit)
    takeShare(code, unit, 'columns', column, columnCount, limit)
    takeShare(code, unit, 'rows', unitRow, rowCount, limit)
    code.get(unitRow).get(rowCount).op('i32.add').set(rowEnd)
    layout.get(code, 'firstEntry').get(unit).op('i32.add').set(entry)
    rowsOfA.enter(entry)
    if (columnsOfB) {
      columnsOfB.enter(entry)
      layout.get(code, 'firstColumn').get(column).op('i32.add').set(limit)
      columnsOfB.takeLines(limit, columnCount)
      layout.get(code, 'bPanels').get(parameters.scratch).op('i32.add').set(bPanels)
    } else {
      getPointer(code, 'workspace').get(unit)
      layout.get(code, 'packedBytes').op('i32.mul').op('i32.add').set(bPanels)
    }
    // Where the unit's columns of the entry's first row stand.
    getPointer(code, 'out').get(entry)
    layout.get(code, 'entryBytes').op('i32.mul').op('i32.add')
    layout.get(code, 'firstColumn').get(column).op('i32.add').i32(4).op('i32.mul').op('i32.add').set(out)
    layout.get(code, 'firstDepth').set(depthAt)
    code.loop(nextDepth => {
      takeDepth(code, depthAt, depth, limit)
      countPacked(code, tile, depth, packedDepth)
      rowsOfA.takeSteps(depthAt, depth)
      if (columnsOfB) {
        columnsOfB.takeSteps(depthAt, depth)
        columnsOfB.pack(columnCount, depth, packedDepth, bPanels)
        code.get(bPanels).set(limit)
      } else code.get(column).get(packedDepth).op('i32.mul').i32(4).op('i32.mul').get(bPanels).op('i32.add').set(limit)
      code.get(unitRow).set(row)
      whileBelow(code, row, rowEnd, [rowBlock], () => {
        code.get(rowEnd).get(row).op('i32.sub').set(rowCount)
        smaller(code, rowCount, rowBlock).set(rowCount)
        rowsOfA.takeLines(row, rowCount)
        rowsOfA.pack(rowCount, depth, packedDepth, panels)
        writeTiles(code, tile, {
          a: panels,
          b: limit,
          rows: rowCount,
          columns: columnCount,
          packedDepth,
          out,
          row,
          rowBytes,
          accumulate: depthAt,
        })
      })
      if (!columnsOfB) {
        // The next block of depth stands behind the panels of all columns.
        layout
          .get(code, 'columns')
          .i32(tile.columns - 1)
          .op('i32.add')
          .i32(-tile.columns)
          .op('i32.and')
        code.get(packedDepth).op('i32.mul').i32(4).op('i32.mul').get(bPanels).op('i32.add').set(bPanels)
      }
      layout.get(code, 'depthBlock').get(depthAt).op('i32.add').tee(depthAt)
      layout.get(code, 'depth').op('i32.lt_s').branchIf(nextDepth)
    })
  })
}

/** Divides the number of a unit: sets the first of its rows or columns and how many they are, leaves the quotient. */
export function takeShare(
  code: Code,
  unit: Local,
  name: 'rows' | 'columns',
  first: Local,
  count: Local,
  spare: Local,
): void {
  const [shares, share] =
    name === 'rows' ? (['rowUnits', 'unitRows'] as const) : (['columnUnits', 'unitColumns'] as const)
  code.get(unit)
  layout.get(code, shares).op('i32.rem_u')
  layout.get(code, share).op('i32.mul').set(first)
  code.get(unit)
  layout.get(code, shares).op('i32.div_u').set(unit)
  layout.get(code, name).get(first).op('i32.sub').set(count)
  layout.get(code, share).set(spare)
  smaller(code, count, spare).set(count)
}

/** Sets the steps of the block of depth at `at`. */
export function takeDepth(code: Code, at: Local, depth: Local, spare: Local): void {
  layout.get(code, 'depth').get(at).op('i32.sub').set(depth)
  layout.get(code, 'depthBlock').set(spare)
  smaller(code, depth, spare).set(depth)
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
  const [accumulate, rowsLeft, columnsLeft, inside] = Array.from({ length: 4 }, () => code.local('i32'))
  code.get(block.out).get(block.row).get(block.rowBytes).op('i32.mul').op('i32.add').set(columnAt)
  code.get(block.b).set(b).get(block.columns).set(columnsLeft)
  code.loop(nextColumns => {
    code.get(block.a).set(a).get(columnAt).set(tileAt).get(block.rows).set(rowsLeft)
    code.loop(nextRows => {
      code.get(b).set(bAt).get(block.packedDepth).set(steps)
      code.get(rowsLeft).i32(tile.rows).op('i32.ge_s')
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
      writeTile(code, tile, { a, b: bAt, steps, out: at, stride, accumulate })
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
