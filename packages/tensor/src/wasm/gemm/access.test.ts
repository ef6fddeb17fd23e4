import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dims, offsetsOf } from './__fixtures__/product.ts'
import { accessLists, groupWords, isContiguousGroup, joinAccess, joinDims, positions } from './access.ts'

describe('positions', () => {
  test('are the product of the sizes', () => {
    expect(positions([])).toBe(1)
    expect(positions(dims([2, 3, 4], [0, 0, 0]))).toBe(24)
    expect(positions(dims([2, 0], [1, 1]))).toBe(0)
  })
})

describe('joinDims', () => {
  test('joins what lies row-major', () => {
    expect(joinDims(dims([2, 3, 4], [12, 4, 1]))).toEqual(dims([24], [1]))
    expect(joinDims(dims([2, 3, 4], [24, 4, 1]))).toEqual(dims([2, 12], [24, 1]))
    expect(joinDims(dims([2, 3], [-6, -2]))).toEqual(dims([6], [-2]))
  })

  test('joins repeated dims, drops single ones', () => {
    expect(joinDims(dims([5, 1, 3], [0, 77, 0]))).toEqual(dims([15], [0]))
    expect(joinDims(dims([1, 1], [3, 4]))).toEqual([])
  })

  test('does not change the positions', () => {
    const dim = fc.record({ size: fc.integer({ min: 1, max: 4 }), stride: fc.integer({ min: -3, max: 12 }) })
    fc.assert(
      fc.property(fc.array(dim, { maxLength: 4 }), group => {
        expect(offsetsOf(joinDims(group))).toEqual(offsetsOf(group))
      }),
      { numRuns: 200, seed: 3 },
    )
  })

  test('joins each group of an access by itself', () => {
    const access = { offset: 9, batch: dims([2, 2], [4, 2]), line: dims([3, 1], [1, 5]), depth: dims([2, 2], [1, 9]) }
    expect(joinAccess(access)).toEqual({
      offset: 9,
      batch: dims([4], [2]),
      line: dims([3], [1]),
      depth: dims([2, 2], [1, 9]),
    })
  })
})

describe('groups', () => {
  test('are contiguous with one dim of stride 1 or no dim', () => {
    expect(isContiguousGroup([])).toBe(true)
    expect(isContiguousGroup(dims([4], [1]))).toBe(true)
    expect(isContiguousGroup(dims([4], [2]))).toBe(false)
    expect(isContiguousGroup(dims([4], [0]))).toBe(false)
    expect(isContiguousGroup(dims([2, 4], [8, 1]))).toBe(false)
  })

  test('as words begin with the innermost dim, in bytes', () => {
    expect(groupWords(dims([2, 3], [10, -1]), 4)).toEqual([2, 3, -4, 2, 40])
    expect(groupWords(dims([2, 3], [10, -1]), 1)).toEqual([2, 3, -1, 2, 10])
    expect(groupWords([], 4)).toEqual([1, 1, 0])
  })

  test('are listed by the name of the operand', () => {
    const access = { offset: 0, batch: [], line: dims([3], [2]), depth: dims([4], [1]) }
    expect(accessLists('b', access, 4)).toEqual({ bBatch: [1, 1, 0], bLine: [1, 3, 8], bDepth: [1, 4, 4] })
  })
})
