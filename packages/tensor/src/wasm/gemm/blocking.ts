import type { Tile } from './tile.ts'

/** Sizes of one product and how it is cut. Only `depthBlock` has a say in the bits of the result. */
export interface Blocking {
  readonly depthBlock: number
  readonly rowBlock: number
  readonly unitRows: number
  readonly unitColumns: number
  /** Whether each unit packs its own columns of b instead of finding them packed by a phase before. */
  readonly ownColumns: boolean
}

export interface ProductSizes {
  readonly batch: number
  readonly rows: number
  readonly columns: number
  readonly depth: number
}

/** A panel of b of this depth fits the first cache. */
const depthLimit = 512

/** A block of rows of a of full depth fits the second cache, and 512 rows make 8 of them. */
const rowLimit = 72

/** A block of columns that a unit packs for itself shares the second cache with the rows. */
const ownElements = 131072

export const roundUp = (value: number, unit: number): number => Math.ceil(value / unit) * unit

/** Cuts into equal blocks: 513 in blocks of at most 512 becomes 257 and 256, not 512 and 1. */
export const evenly = (total: number, limit: number, unit: number): number =>
  roundUp(Math.ceil(total / Math.max(1, Math.ceil(total / limit))), unit)

/** Steps of depth whose products are added up by themselves: fixed by the depth, so that it alone decides the bits. */
export const depthBlockOf = (depth: number, tile: Tile): number =>
  Math.max(evenly(depth, depthLimit * tile.pair, Math.max(4, tile.pair * tile.unroll)), 1)

/** Cuts a product for a number of threads. */
export function blockProduct({ batch, rows, columns, depth }: ProductSizes, tile: Tile, threads: number): Blocking {
  const depthBlock = depthBlockOf(depth, tile)
  const rowBlock = evenly(rows, rowLimit, tile.rows)
  const wanted = threads === 1 ? 1 : threads * 4
  const ownColumns = rows <= 2 * rowLimit || (batch >= wanted && rows * columns * depth <= 2 ** 24)
  if (ownColumns) {
    const limit = Math.min(Math.max(roundUp(ownElements / depthBlock, tile.columns), 64), 1024)
    const shares = Math.max(
      Math.ceil(columns / limit),
      Math.min(Math.ceil(wanted / batch), Math.floor(columns / 64)),
      1,
    )
    return {
      depthBlock,
      rowBlock,
      unitRows: rows,
      unitColumns: evenly(columns, Math.ceil(columns / shares), tile.columns),
      ownColumns,
    }
  }
  const rowUnits = Math.ceil(rows / rowBlock) * batch
  const shares = Math.max(Math.min(Math.ceil(wanted / rowUnits), Math.floor(columns / 128)), 1)
  return {
    depthBlock,
    rowBlock,
    unitRows: rowBlock,
    unitColumns: evenly(columns, Math.ceil(columns / shares), tile.columns),
    ownColumns,
  }
}
