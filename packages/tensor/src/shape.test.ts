import { describe, expect, it } from 'vitest'
import { SurprisalError } from './error.ts'
import {
  broadcastShapes,
  checkShape,
  contiguousStrides,
  normalizeDim,
  normalizeDims,
  sameShape,
  shapeText,
  sizeOf,
} from './shape.ts'

describe('shapes', () => {
  it('have sizes and strides', () => {
    expect(sizeOf([])).toBe(1)
    expect(sizeOf([2, 0, 3])).toBe(0)
    expect(contiguousStrides([2, 3, 4])).toEqual([12, 4, 1])
    expect(sameShape([1, 2], [1, 2])).toBe(true)
    expect(sameShape([1, 2], [2])).toBe(false)
    expect(shapeText([1, 2])).toBe('[1, 2]')
  })

  it('broadcast as in NumPy, sizes 0 and 1 included', () => {
    expect(broadcastShapes('add', [2, 1], [3])).toEqual([2, 3])
    expect(broadcastShapes('add', [], [4, 0])).toEqual([4, 0])
    expect(broadcastShapes('add', [1], [0])).toEqual([0])
    expect(() => broadcastShapes('add', [2, 3], [4])).toThrow(
      new SurprisalError('shape', 'add: shapes [2, 3] and [4] cannot be broadcast'),
    )
  })

  it.each([
    [[-1], 'zeros: shape must hold non-negative integers, got [-1]'],
    [[1.5], 'zeros: shape must hold non-negative integers, got [1.5]'],
    [new Array(9).fill(1), 'zeros: rank must be at most 8, got [1, 1, 1, 1, 1, 1, 1, 1, 1]'],
    [[65536, 32768], 'zeros: a tensor must have fewer than 2^31 elements, got shape [65536, 32768]'],
  ])('refuse %j', (shape, message) => {
    expect(() => checkShape('zeros', shape)).toThrow(message)
  })
})

describe('dims', () => {
  it('count from either end', () => {
    expect(normalizeDim('sum', -1, 3)).toBe(2)
    expect(normalizeDims('sum', [2, -3], 3)).toEqual([0, 2])
    expect(normalizeDims('sum', undefined, 2)).toEqual([0, 1])
  })

  it('must exist, be whole and not repeat', () => {
    expect(() => normalizeDim('sum', 2, 2)).toThrow('sum: dim 2 is out of range for rank 2')
    expect(() => normalizeDim('sum', 0.5, 2)).toThrow('sum: dim 0.5 is out of range for rank 2')
    expect(() => normalizeDims('sum', [0, -2], 2)).toThrow('sum: dim must not repeat, got [0, -2]')
    expect(() => normalizeDims('sum', 'a' as unknown as number, 2)).toThrow(
      'sum: dim must be a number or a list of numbers, got a',
    )
  })
})
