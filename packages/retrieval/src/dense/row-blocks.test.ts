import { memory, scope, tensor } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { FlatIndex } from './flat-index.ts'
import { Int8Index } from './int8-index.ts'
import { RowBlocks } from './row-blocks.ts'

const rows = Float32Array.from({ length: 40 * 2 }, (_, i) => i)
const query = () => tensor([1, 10], { shape: [1, 2] })
/** The products of [1, 10] with the rows start..end of `rows`. */
const expected = (start: number, end: number) =>
  Array.from({ length: end - start }, (_, i) => rows[2 * (start + i)] + 10 * rows[2 * (start + i) + 1])

describe('RowBlocks', () => {
  it('multiplies each block', () => {
    const blocks = new RowBlocks(2, { blockValues: 32 })
    expect(blocks.rowsPerBlock).toBe(16)
    expect([...blocks.products(rows, 0, 16, query())]).toEqual(expected(0, 16))
    expect([...blocks.products(rows, 32, 40, query())]).toEqual(expected(32, 40))
    blocks.dispose()
  })

  it('multiplies int8 exactly', () => {
    const blocks = new RowBlocks(3)
    const codes = Int8Array.of(127, -127, 5, 1, 2, 3)
    const queries = tensor(Int8Array.of(127, -127, 1, 1, 1, 1), { shape: [2, 3] })
    expect([...blocks.products(codes, 0, 2, queries)]).toEqual([2 * 127 * 127 + 5, -124, 5, 6])
    blocks.dispose()
  })

  it('copies a block once, and again when it has grown', () => {
    const blocks = new RowBlocks(2, { blockValues: 32 })
    const own = rows.slice()
    blocks.products(own, 0, 8, query())
    own[0] = 1000
    expect(blocks.products(own, 0, 8, query())[0]).toBe(expected(0, 1)[0])
    expect(blocks.products(own, 0, 9, query())[0]).toBe(1010)
    blocks.dispose()
    own[0] = 0
    expect(blocks.products(own, 0, 9, query())[0]).toBe(10)
    blocks.dispose()
  })

  it('keeps no blocks behind the bytes that it may hold', () => {
    const blocks = new RowBlocks(2, { blockValues: 32, keptBytes: 16 * 2 * 4 })
    const own = rows.slice()
    blocks.products(own, 0, 16, query())
    blocks.products(own, 16, 32, query())
    own[0] = own[32] = 1000
    expect(blocks.products(own, 0, 16, query())[0]).toBe(10)
    expect(blocks.products(own, 16, 32, query())[0]).toBe(1330)
    blocks.dispose()
  })

  it('survives the scope in which it was first used', () => {
    const blocks = new RowBlocks(2, { blockValues: 32 })
    scope(() => void blocks.products(rows, 0, 16, query()))
    expect([...blocks.products(rows, 0, 16, query())]).toEqual(expected(0, 16))
    blocks.dispose()
  })

  it('passes on what is wrong with a product', () => {
    const blocks = new RowBlocks(2, { blockValues: 32 })
    expect(() => blocks.products(rows, 0, 16, tensor([[1, 2, 3]]))).toThrow('matmul: ')
    blocks.dispose()
  })

  it('weighs a block once, and again when it has grown', () => {
    const blocks = new RowBlocks(2, { blockValues: 32 })
    let asked = 0
    const weigh = (row: number) => {
      asked++
      return { weight: 2 - row / 8, offset: row, norm: row + 1 }
    }
    const weights = blocks.weights(0, 4, weigh)
    expect(weights).toEqual({
      weights: Float64Array.of(2, 1.875, 1.75, 1.625),
      offsets: Float64Array.of(0, 1, 2, 3),
      largestWeight: 2,
      largestOffset: 3,
      largestNorm: 6.5,
    })
    expect(blocks.weights(0, 4, weigh)).toBe(weights)
    expect(asked).toBe(4)
    expect(blocks.weights(0, 5, weigh).weights.length).toBe(5)
  })
})

describe('memory of searches', () => {
  const [count, dim] = [3000, 96]
  const vectors = Float32Array.from({ length: count * dim }, (_, i) => Math.sin(i))
  const ids = Array.from({ length: count }, (_, i) => i)
  const live = () => memory().live

  it.each([
    { name: 'FlatIndex', make: () => new FlatIndex({ dim }), bytes: 4 * count * dim },
    { name: 'Int8Index', make: () => new Int8Index({ dim }), bytes: count * dim },
  ])(
    '$name holds its vectors once, through 1,000 searches, until they change',
    ({ make, bytes }) => {
      const index = make()
      index.add(ids, vectors)
      const before = live()
      index.search(vectors.subarray(0, dim))
      const held = live()
      expect(held - before).toBeGreaterThanOrEqual(bytes)
      expect(held - before).toBeLessThan(bytes + 4096)
      for (let i = 0; i < 1000; i++) index.search(vectors.subarray(dim, 2 * dim), { k: 3 })
      expect(live()).toBe(held)
      index.remove([0])
      expect(live()).toBe(before)
    },
    60_000,
  )
})
