import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { blockProduct, evenly, roundUp } from './blocking.ts'
import { cutParts, packedSteps } from './parts.ts'
import { tiles } from './tile.ts'

const sizes = fc.record({
  batch: fc.integer({ min: 1, max: 80 }),
  rows: fc.integer({ min: 1, max: 3000 }),
  columns: fc.integer({ min: 1, max: 40_000 }),
  depth: fc.integer({ min: 0, max: 40_000 }),
})
const tile = fc.constantFrom(...Object.values(tiles))
const threads = fc.integer({ min: 1, max: 8 })

describe('evenly', () => {
  test('makes equal blocks in whole units', () => {
    expect(evenly(513, 512, 1)).toBe(257)
    expect(evenly(512, 512, 4)).toBe(512)
    expect(evenly(512, 72, 6)).toBe(66)
    expect(evenly(0, 512, 4)).toBe(0)
    expect(roundUp(9, 8)).toBe(16)
  })
})

describe('blockProduct', () => {
  test('blocks of depth depend on the depth and the tile alone', () => {
    fc.assert(
      fc.property(sizes, sizes, tile, threads, threads, (one, other, tile, few, many) => {
        const depth = one.depth
        const first = blockProduct(one, tile, few).depthBlock
        expect(blockProduct({ ...other, depth }, tile, many).depthBlock).toBe(first)
      }),
      { numRuns: 200, seed: 1 },
    )
  })

  test('units are whole tiles, blocks fit the caches', () => {
    fc.assert(
      fc.property(sizes, tile, threads, (product, tile, threads) => {
        const { depthBlock, rowBlock, unitRows, unitColumns, ownColumns } = blockProduct(product, tile, threads)
        expect(unitColumns % tile.columns).toBe(0)
        expect(rowBlock % tile.rows).toBe(0)
        expect(rowBlock).toBeLessThanOrEqual(72)
        expect(depthBlock).toBeGreaterThan(0)
        expect(depthBlock / tile.pair).toBeLessThanOrEqual(512)
        expect(unitRows).toBe(ownColumns ? product.rows : rowBlock)
        if (ownColumns) expect(unitColumns * packedSteps(depthBlock, tile)).toBeLessThanOrEqual(2 ** 18)
      }),
      { numRuns: 300, seed: 2 },
    )
  })

  test('few rows are cut by columns, many rows by rows, stacks by entries', () => {
    const cut = (batch: number, rows: number, columns: number, depth: number, threads: number) =>
      blockProduct({ batch, rows, columns, depth }, tiles.fused, threads)
    expect(cut(8, 64, 3136, 288, 1)).toMatchObject({ ownColumns: true, unitRows: 64, unitColumns: 448 })
    expect(cut(1, 512, 512, 512, 1)).toMatchObject({ ownColumns: false, unitRows: 66, unitColumns: 512 })
    expect(cut(1, 256, 256, 256, 2)).toMatchObject({ ownColumns: false, unitRows: 66, unitColumns: 128 })
    expect(cut(64, 256, 256, 64, 2)).toMatchObject({ ownColumns: true, unitRows: 256, unitColumns: 256 })
  })
})

describe('cutParts', () => {
  test('covers everything once, in order of depth, within the limit', () => {
    fc.assert(
      fc.property(sizes, tile, (product, tile) => {
        const parts = cutParts(product, blockProduct(product, tile, 1), tile)
        const covered = parts.reduce(
          (sum, part) => sum + part.entries * part.columns * Math.max(part.depth - part.firstDepth, 1),
          0,
        )
        expect(covered).toBe(product.batch * product.columns * Math.max(product.depth, 1))
        for (const part of parts) expect(part.entries * part.packedBytes).toBeLessThanOrEqual(2 ** 23)
        parts.slice(1).forEach((part, i) => {
          if (part.firstDepth > 0) expect(part.firstDepth).toBe(parts[i].depth)
        })
      }),
      { numRuns: 40, seed: 4 },
    )
  })

  test('parts begin at the blocks of depth that the whole would have', () => {
    const product = { batch: 1, rows: 500, columns: 5000, depth: 9001 }
    const blocking = blockProduct(product, tiles.fused, 1)
    const parts = cutParts(product, blocking, tiles.fused)
    expect(parts.length).toBeGreaterThan(5)
    for (const part of parts) expect(part.firstDepth % blocking.depthBlock).toBe(0)
  })

  test('what fits is one part', () => {
    const product = { batch: 2, rows: 500, columns: 500, depth: 500 }
    expect(cutParts(product, blockProduct(product, tiles.fused, 1), tiles.fused)).toEqual([
      {
        firstEntry: 0,
        entries: 2,
        firstColumn: 0,
        columns: 500,
        firstDepth: 0,
        depth: 500,
        packedBytes: 504 * 500 * 4,
      },
    ])
  })
})

describe('packedSteps', () => {
  test('counts pairs and rounds to whole turns of the loop', () => {
    expect([0, 1, 5, 8].map(steps => packedSteps(steps, tiles.fused))).toEqual([0, 1, 5, 8])
    expect([0, 1, 5, 8].map(steps => packedSteps(steps, tiles.plain))).toEqual([0, 2, 6, 8])
    expect([0, 1, 5, 8].map(steps => packedSteps(steps, tiles.pairs))).toEqual([0, 2, 4, 4])
  })
})
