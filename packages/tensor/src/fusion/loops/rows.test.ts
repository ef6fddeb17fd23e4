import { describe, expect, it } from 'vitest'
import { blockOf, joined, leadingDims, movesAlong, rowMoves, sameMoves } from './rows.ts'

describe('leadingDims', () => {
  it('finds counters one by one and joined, past dims of one position', () => {
    expect(leadingDims([2, 3, 5, 7], [2, 3, 5])?.places.map(({ dim }) => dim)).toEqual([0, 1, 2])
    expect(leadingDims([6, 5, 7], [2, 3, 5])?.places).toEqual([
      { dim: 0, positions: 3 },
      { dim: 0, positions: 1 },
      { dim: 1, positions: 1 },
    ])
    expect(leadingDims([1, 30, 7], [2, 3, 5])).toEqual({
      dims: 2,
      places: [15, 5, 1].map(positions => ({ dim: 1, positions })),
    })
  })

  it.each([
    { shape: [5, 7], counts: [2, 3] },
    { shape: [4, 7], counts: [2] },
    { shape: [2], counts: [2, 3] },
    { shape: [], counts: [2] },
  ])('is null where $counts are not in front of $shape', ({ shape, counts }) => {
    expect(leadingDims(shape, counts)).toBeNull()
  })
})

describe('moves', () => {
  it('are the distances of rows in memory', () => {
    expect(rowMoves(2 * 3 * 5 * 7, [2, 3, 5])).toEqual([105, 35, 7])
  })

  it('along a space follow its strides', () => {
    const leading = leadingDims([6, 5, 7], [2, 3, 5])
    expect(leading && movesAlong([35, 7, 1], leading)).toEqual([105, 35, 7])
    expect(leading && movesAlong([0, 1, 5], leading)).toEqual([0, 0, 1])
  })

  it('of counters with one count do not matter', () => {
    expect(sameMoves([9, 35, 7], [1, 35, 7], [1, 3, 5])).toBe(true)
    expect(sameMoves([9, 35, 7], [1, 35, 7], [2, 3, 5])).toBe(false)
  })
})

describe('blockOf', () => {
  it('leaves some rows of one batch', () => {
    const leading = leadingDims([2, 15, 7], [2, 3, 5])
    expect(leading && blockOf([2, 15, 7], leading, 4)).toEqual([1, 4, 7])
  })
})

describe('joined', () => {
  const map = { shape: [2, 1, 3, 4], strides: [12, 0, 4, 1], offset: 0, guard: null }

  it('gives one dim where strides nest', () => {
    expect(joined(map, 0, 4)).toEqual({ size: 24, stride: 1 })
    expect(joined(map, 1, 3)).toEqual({ size: 3, stride: 4 })
    expect(joined(map, 1, 2)).toEqual({ size: 1, stride: 0 })
  })

  it('is null where they do not', () => {
    expect(joined({ ...map, strides: [24, 0, 4, 1] }, 0, 4)).toBeNull()
  })
})
