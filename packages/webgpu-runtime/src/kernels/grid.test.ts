import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gridFor } from './grid.ts'

describe('gridFor', () => {
  it.each([
    [0, [0, 1, 1]],
    [1, [1, 1, 1]],
    [65_535, [65_535, 1, 1]],
    [65_536, [32_768, 2, 1]],
    [65_535 ** 2, [65_535, 65_535, 1]],
  ])('of %i', (groups, grid) => expect(gridFor(groups)).toEqual(grid))

  it('covers all groups within the limit, with few to spare', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 8000 }), (max, groups) => {
        if (groups > max ** 3) return
        const grid = gridFor(groups, { max })
        for (const side of grid) expect(side).toBeLessThanOrEqual(max)
        expect(grid[0] * grid[1] * grid[2]).toBeGreaterThanOrEqual(groups)
        expect((grid[0] - 1) * grid[1] * grid[2]).toBeLessThan(groups)
      }),
    )
  })

  it('refuses what cannot be', () => {
    expect(() => gridFor(-1)).toThrow('gridFor: groups must be a non-negative integer, got -1')
    expect(() => gridFor(0.5)).toThrow('gridFor: groups must be a non-negative integer, got 0.5')
    expect(() => gridFor(9, { max: 2 })).toThrow('gridFor: groups must be at most 2^3 (max^3), got 9')
  })
})
