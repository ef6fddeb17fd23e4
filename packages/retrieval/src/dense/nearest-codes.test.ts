import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nearestCodes } from './nearest-codes.ts'

fc.configureGlobal({ seed: 1 })

describe('nearestCodes', () => {
  it('equals sorting by distance, ties to the lower row', () => {
    const distances = fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 40 })
    fc.assert(
      fc.property(distances, fc.integer({ min: 1, max: 45 }), fc.integer({ min: 2, max: 4 }), (d, k, modulus) => {
        const accept = (row: number) => row % modulus !== 0
        const expected = d
          .map((_, row) => row)
          .filter(accept)
          .sort((a, b) => d[a] - d[b] || a - b)
          .slice(0, k)
          .sort((a, b) => a - b)
        expect([...nearestCodes(Int32Array.from(d), 6, k, accept)]).toEqual(expected)
      }),
    )
  })

  it('takes all rows when k is larger', () => {
    expect([...nearestCodes(Int32Array.of(6, 0, 3), 6, 9)]).toEqual([0, 1, 2])
  })

  it('takes none when none passes', () => {
    expect([...nearestCodes(Int32Array.of(6, 0, 3), 6, 2, () => false)]).toEqual([])
  })

  it('stops in the middle of a distance', () => {
    expect([...nearestCodes(Int32Array.of(2, 1, 2, 2, 0), 2, 3)]).toEqual([0, 1, 4])
  })
})
