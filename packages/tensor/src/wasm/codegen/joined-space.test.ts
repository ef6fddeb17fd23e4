import { expect, test } from 'vitest'
import { joinDims } from './joined-space.ts'

test('dims that every access walks as one become one', () => {
  expect(joinDims([2, 3, 4], [], [[12, 4, 1]])).toEqual({ axes: [{ size: 24, reduced: false }], strides: [[1]] })
  expect(
    joinDims(
      [2, 3, 4],
      [],
      [
        [12, 4, 1],
        [0, 0, 1],
      ],
    ),
  ).toEqual({
    axes: [
      { size: 6, reduced: false },
      { size: 4, reduced: false },
    ],
    strides: [
      [4, 1],
      [0, 1],
    ],
  })
})

test('dims of size 1 vanish whatever their strides', () => {
  expect(joinDims([1, 5, 1], [], [[99, 1, 7]])).toEqual({ axes: [{ size: 5, reduced: false }], strides: [[1]] })
  expect(joinDims([1, 1], [0], [[3, 4]])).toEqual({ axes: [], strides: [[]] })
})

test('kept and reduced dims stay apart', () => {
  const { axes, strides } = joinDims([2, 3, 4, 5], [2, 3], [[60, 20, 5, 1]])
  expect(axes).toEqual([
    { size: 6, reduced: false },
    { size: 20, reduced: true },
  ])
  expect(strides).toEqual([[20, 1]])
})

test('a stride of zero joins with zero only, a reversed dim with a reversed one', () => {
  expect(joinDims([3, 4], [], [[0, 0]]).axes).toHaveLength(1)
  expect(joinDims([3, 4], [], [[4, 0]]).axes).toHaveLength(2)
  expect(joinDims([3, 4], [], [[-4, -1]]).strides).toEqual([[-1]])
  expect(joinDims([3, 4], [], [[-4, 1]]).axes).toHaveLength(2)
})
