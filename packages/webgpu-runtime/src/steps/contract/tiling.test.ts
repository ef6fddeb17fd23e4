import { expect, it } from 'vitest'
import type { Product } from './product.ts'
import { tilingOf } from './tiling.ts'

const product = (batch: number, rows: number, depth: number, columns: number): Product => {
  const access = { offset: 0, batch: [], line: [], depth: [] }
  const operand = { dtype: 'float32', access, buffer: 0 } as const
  return { batch, rows, columns, depth, dtype: 'float32', a: operand, b: operand }
}

it('sums results one by one where there are few rows or columns', () => {
  expect(tilingOf(product(1, 4, 1000, 1000), 'gpu')).toBeNull()
  expect(tilingOf(product(1, 1000, 1000, 1), 'gpu')).toBeNull()
  expect(tilingOf(product(500, 12, 1000, 12), 'gpu')).toBeNull()
  expect(tilingOf(product(500, 12, 16, 12), 'software')).toBeNull()
})

it('takes tiles on a processor, where barriers cost more than empty places', () => {
  expect(tilingOf(product(1, 1, 1000, 1000), 'software')).toEqual({ tile: 32, parts: 1 })
  expect(tilingOf(product(1, 12, 64, 12), 'software')).toEqual({ tile: 32, parts: 1 })
})

it('takes large tiles where there are enough of them', () => {
  expect(tilingOf(product(1, 512, 100, 512), 'gpu')).toEqual({ tile: 64, parts: 1 })
  expect(tilingOf(product(16, 128, 100, 128), 'gpu')).toEqual({ tile: 64, parts: 1 })
  expect(tilingOf(product(1, 448, 100, 512), 'gpu')).toEqual({ tile: 32, parts: 1 })
  expect(tilingOf(product(1, 128, 100, 64), 'software')).toEqual({ tile: 64, parts: 1 })
  expect(tilingOf(product(100, 32, 100, 640), 'gpu')).toEqual({ tile: 32, parts: 1 })
})

it('cuts the depth where there are few tiles, on a GPU only', () => {
  expect(tilingOf(product(1, 64, 10_000, 64), 'gpu')).toEqual({ tile: 32, parts: 16 })
  expect(tilingOf(product(1, 64, 600, 64), 'gpu')).toEqual({ tile: 32, parts: 2 })
  expect(tilingOf(product(1, 64, 511, 64), 'gpu')).toEqual({ tile: 32, parts: 1 })
  expect(tilingOf(product(1, 64, 10_000, 64), 'software')).toEqual({ tile: 32, parts: 1 })
})
