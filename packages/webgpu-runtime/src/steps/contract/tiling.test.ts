import { expect, it } from 'vitest'
import type { Product } from './product.ts'
import { tilingOf } from './tiling.ts'

const makers = ['apple', 'nvidia', 'amd', 'intel', 'unknown'] as const

const product = (batch: number, rows: number, depth: number, columns: number): Product => {
  const access = { offset: 0, batch: [], line: [], depth: [] }
  const operand = { dtype: 'float32', access, buffer: 0 } as const
  return { batch, rows, columns, depth, dtype: 'float32', a: operand, b: operand }
}

it('sums results one by one where there are few rows or columns', () => {
  expect(tilingOf(product(1, 4, 1000, 1000), 'unknown')).toBeNull()
  expect(tilingOf(product(1, 1000, 1000, 1), 'unknown')).toBeNull()
  expect(tilingOf(product(500, 12, 1000, 12), 'unknown')).toBeNull()
})

it('takes large tiles where there are enough of them', () => {
  expect(tilingOf(product(1, 512, 100, 512), 'unknown')).toEqual({ tile: 64, parts: 1 })
  expect(tilingOf(product(16, 128, 100, 128), 'unknown')).toEqual({ tile: 64, parts: 1 })
  expect(tilingOf(product(1, 448, 100, 512), 'unknown')).toEqual({ tile: 32, parts: 1 })
  expect(tilingOf(product(100, 32, 100, 640), 'unknown')).toEqual({ tile: 32, parts: 1 })
})

it('takes as many tiles as the makers of adapters have cores, and none above what was measured', () => {
  const tileOf = (adapter: (typeof makers)[number], size: number) =>
    tilingOf(product(1, size, 100, size), adapter)?.tile
  expect(makers.map(adapter => tileOf(adapter, 384))).toEqual([64, 32, 32, 64, 32])
  expect(makers.map(adapter => tileOf(adapter, 640))).toEqual([64, 32, 64, 64, 64])
  expect(makers.map(adapter => tileOf(adapter, 768))).toEqual([64, 64, 64, 64, 64])
  expect(tilingOf(product(1, 1024, 100, 1024), 'apple', 32)).toEqual({ tile: 32, parts: 1 })
})

it('cuts the depth where there are few tiles', () => {
  expect(tilingOf(product(1, 64, 10_000, 64), 'unknown')).toEqual({ tile: 32, parts: 16 })
  expect(tilingOf(product(1, 64, 600, 64), 'unknown')).toEqual({ tile: 32, parts: 2 })
  expect(tilingOf(product(1, 64, 511, 64), 'unknown')).toEqual({ tile: 32, parts: 1 })
})
