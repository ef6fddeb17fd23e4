import { type Blocking, evenly, type ProductSizes, roundUp } from './blocking.ts'
import type { Tile } from './tile.ts'

/** A part of a product whose columns of b are packed at a time. */
export interface Part {
  readonly firstEntry: number
  readonly entries: number
  readonly firstColumn: number
  readonly columns: number
  readonly firstDepth: number
  /** Where its depth ends. */
  readonly depth: number
  /** Bytes of one entry's panels. */
  readonly packedBytes: number
}

/** Packed b at a time. */
const limit = 2 ** 23

/** Columns of an entry that does not fit, at least: enough to pay for packing all rows of a for each part. */
const wide = 2048

/** Packed elements a line that `steps` of depth take. */
export const packedSteps = (steps: number, tile: Tile): number => roundUp(Math.ceil(steps / tile.pair), tile.unroll)

/** Bytes of the panels of one entry. */
const panelBytes = (columns: number, steps: number, blocking: Blocking, tile: Tile): number => {
  const { depthBlock } = blocking
  const packed = Math.floor(steps / depthBlock) * packedSteps(depthBlock, tile) + packedSteps(steps % depthBlock, tile)
  return roundUp(columns, tile.columns) * packed * 4
}

/** Cuts the batch, or where one entry is too large its columns and its depth, so that packed b stays within 8 MiB. */
export function cutParts(sizes: ProductSizes, blocking: Blocking, tile: Tile): Part[] {
  const { batch, columns, depth } = sizes
  const { depthBlock } = blocking
  const bytes = (width: number, steps: number) => panelBytes(width, steps, blocking, tile)
  const whole = bytes(columns, depth)
  const entries = Math.min(Math.max(Math.floor(limit / Math.max(whole, 1)), 1), batch)
  const fitting = Math.floor(limit / Math.max(bytes(tile.columns, depth), 1)) * tile.columns
  const width = whole <= limit ? columns : evenly(columns, Math.max(fitting, wide), tile.columns)
  const blocks = Math.max(Math.floor(limit / Math.max(bytes(width, depthBlock), 1)), 1)
  const steps = whole <= limit ? Math.max(depth, 1) : blocks * depthBlock
  const parts: Part[] = []
  for (let firstEntry = 0; firstEntry < batch; firstEntry += entries)
    for (let firstColumn = 0; firstColumn < columns; firstColumn += width)
      for (let firstDepth = 0; firstDepth < Math.max(depth, 1); firstDepth += steps) {
        const partColumns = Math.min(width, columns - firstColumn)
        const end = Math.min(firstDepth + steps, depth)
        parts.push({
          firstEntry,
          entries: Math.min(entries, batch - firstEntry),
          firstColumn,
          columns: partColumns,
          firstDepth,
          depth: end,
          packedBytes: bytes(partColumns, end - firstDepth),
        })
      }
  return parts
}
