import { expect, it } from 'vitest'
import { linesOf } from './lines.ts'

const operand = (shape: number[], strides: number[], offset = 0) =>
  ({ dtype: 'float32', map: { shape, strides, offset, guard: null } }) as const

it('takes the dim out of the shape, and gives the strides along it', () => {
  expect(linesOf(operand([2, 3, 4], [12, 4, 1], 7), 1)).toEqual({
    across: [2, 4],
    count: 8,
    length: 3,
    from: { strides: [12, 1], offset: 7 },
    fromStride: 4,
    to: { strides: [12, 1], offset: 0 },
    toStride: 4,
  })
})

it('writes densely whatever is read', () => {
  const { from, fromStride, to, toStride } = linesOf(operand([5, 2], [-1, 0], 4), 0)
  expect([from, fromStride]).toEqual([{ strides: [0], offset: 4 }, -1])
  expect([to, toStride]).toEqual([{ strides: [1], offset: 0 }, 2])
})

it('has one line in a vector, and none where there is nothing across', () => {
  expect(linesOf(operand([5], [1]), 0)).toMatchObject({ across: [], count: 1, length: 5 })
  expect(linesOf(operand([0, 5], [5, 1]), 1)).toMatchObject({ count: 0, length: 5 })
})
