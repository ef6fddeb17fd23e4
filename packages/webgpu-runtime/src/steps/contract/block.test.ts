import fc from 'fast-check'
import { expect, it } from 'vitest'
import { blockOf } from './block.ts'
import type { Product } from './product.ts'

const product = (batch: number, rows: number, depth: number, columns: number): Product => {
  const access = { offset: 0, batch: [], line: [], depth: [] }
  const operand = { dtype: 'float32', access, buffer: 0 } as const
  return { batch, rows, columns, depth, dtype: 'float32', a: operand, b: operand }
}

it('takes the largest blocks of which there are enough', () => {
  expect(blockOf(product(1, 64, 100, 64))).toEqual({ down: 8, across: 8, parts: 1 })
  expect(blockOf(product(1, 64, 100, 56))).toEqual({ down: 8, across: 4, parts: 1 })
  expect(blockOf(product(1, 32, 100, 32))).toEqual({ down: 4, across: 4, parts: 1 })
  expect(blockOf(product(4, 32, 100, 32))).toEqual({ down: 8, across: 8, parts: 1 })
})

it('takes narrow ones where there are few rows or columns', () => {
  expect(blockOf(product(1, 1, 100, 1000))).toEqual({ down: 1, across: 8, parts: 1 })
  expect(blockOf(product(1, 1, 100, 300))).toEqual({ down: 1, across: 4, parts: 1 })
  expect(blockOf(product(1, 1000, 100, 1))).toEqual({ down: 8, across: 1, parts: 1 })
  expect(blockOf(product(1, 2000, 100, 4))).toEqual({ down: 8, across: 4, parts: 1 })
  expect(blockOf(product(1, 3, 100, 2000))).toEqual({ down: 4, across: 8, parts: 1 })
})

it('cuts a long depth where there are few results', () => {
  expect(blockOf(product(1, 1, 100_000, 1))).toEqual({ down: 1, across: 1, parts: 64 })
  expect(blockOf(product(1, 1, 3000, 1))).toEqual({ down: 1, across: 1, parts: 2 })
  expect(blockOf(product(1, 4, 100_000, 4))).toEqual({ down: 1, across: 1, parts: 4 })
  expect(blockOf(product(1, 64, 100_000, 64)).parts).toBe(1)
})

it('leaves at most half of the blocks empty', () => {
  const size = fc.integer({ min: 1, max: 300 })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), size, size, size, (batch, rows, depth, columns) => {
      const { down, across } = blockOf(product(batch, rows, depth, columns))
      const cells = Math.ceil(rows / down) * down * Math.ceil(columns / across) * across
      expect(cells).toBeLessThan(2 * rows * columns)
    }),
    { seed: 3 },
  )
})
