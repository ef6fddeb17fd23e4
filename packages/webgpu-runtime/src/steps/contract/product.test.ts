import { expect, it } from 'vitest'
import { type ContractStep, productOf } from './product.ts'

const step = (reads: ContractStep['reads'], shape: number[]): ContractStep => ({
  reads,
  dtype: 'float32',
  shape,
  sizes: [],
  epilogue: null,
})
const read = (shape: number[], strides: number[], offset = 0) =>
  ({ dtype: 'float32', map: { shape, strides, offset, guard: null } }) as const

it('takes the lines of a from its second dim and those of b from its third', () => {
  const product = productOf(step([read([2, 3, 4], [12, 4, 1]), read([2, 4, 5], [20, 5, 1])], [2, 3, 5]), 0)
  expect(product).toMatchObject({ batch: 2, rows: 3, columns: 5, depth: 4, dtype: 'float32' })
  expect(product.a).toEqual({
    dtype: 'float32',
    buffer: 0,
    access: {
      offset: 0,
      batch: [{ size: 2, stride: 12 }],
      line: [{ size: 3, stride: 4 }],
      depth: [{ size: 4, stride: 1 }],
    },
  })
  expect(product.b.access.line).toEqual([{ size: 5, stride: 1 }])
  expect(product.b.access.depth).toEqual([{ size: 4, stride: 5 }])
})

it('numbers the operands from where it is told', () => {
  const { a, b } = productOf(step([read([1, 3, 4], [12, 4, 1]), read([1, 4, 5], [20, 5, 1])], [1, 3, 5]), 4)
  expect([a.buffer, b.buffer]).toEqual([4, 5])
})

it('reads windows in place: a group of dims may stand for one', () => {
  const windows = { ...read([1, 6, 6, 3, 3], [64, 8, 1, 8, 1], 9), groups: [1, 2, 2] as const }
  const { a, rows, depth } = productOf(step([windows, read([1, 9, 5], [45, 5, 1])], [1, 36, 5]), 0)
  expect([rows, depth]).toEqual([36, 9])
  expect(a.access).toEqual({
    offset: 9,
    batch: [],
    line: [
      { size: 6, stride: 8 },
      { size: 6, stride: 1 },
    ],
    depth: [
      { size: 3, stride: 8 },
      { size: 3, stride: 1 },
    ],
  })
})

it('joins dims that follow one another', () => {
  const rows = { ...read([1, 2, 3, 4], [0, 12, 4, 1]), groups: [1, 2, 1] as const }
  const { a } = productOf(step([rows, read([1, 4, 5], [20, 5, 1])], [1, 6, 5]), 0)
  expect(a.access.line).toEqual([{ size: 6, stride: 4 }])
})

it('has a depth of one where there are no dims of it', () => {
  const { depth } = productOf(step([read([1, 3, 1], [3, 1, 1]), read([1, 1, 5], [5, 5, 1])], [1, 3, 5]), 0)
  expect(depth).toBe(1)
})
