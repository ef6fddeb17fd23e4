import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { erfinv } from '../error-function.ts'
import { normalTable } from './normal-table.ts'

describe('normalTable', () => {
  const table = normalTable()

  it('has 864 rows', () => {
    expect(table.length).toBe(864 * 3)
  })

  it('has the hash of the published table', () => {
    expect(createHash('sha256').update(table.join()).digest('hex')).toBe(
      '25c60add51beffe88e3795171d75bd38f818b27a9ad855e9f98a74c235874a55',
    )
  })

  it('begins with the quantiles themselves', () => {
    for (let row = 0; row < 32; row++)
      expect(Math.abs(table[row * 3] / 2 ** 28 - Math.SQRT2 * erfinv(1 - (row + 0.5) / 2 ** 31))).toBeLessThan(1e-8)
  })

  it('goes through the quantiles at the Chebyshev nodes of each piece', () => {
    for (let row = 32; row < 864; row++) {
      const [c0, c1, c2] = table.subarray(row * 3, row * 3 + 3)
      const width = 2 ** ((row >> 5) - 1)
      for (const place of [0.5 - Math.sqrt(3) / 4, 0.5, 0.5 + Math.sqrt(3) / 4]) {
        const u = (32 + (row & 31) + place) * width + 0.5
        const quantile = Math.SQRT2 * erfinv(1 - u / 2 ** 31) * 2 ** 28
        // Three coefficients are rounded, and the tail probability is 1 - x in float64.
        expect(Math.abs(c0 + c1 * place + c2 * place * place - quantile)).toBeLessThan(1.5 + 30 / u)
      }
    }
  })

  it.each([
    [0, [1701332580, 0, 0]],
    [31, [1520793807, 0, 0]],
    [32, [1519354735, -1417205, 20555]],
    [63, [1488197255, -739767, 5565]],
    [861, [15779414, -5265680, 2527]],
    [863, [5257106, -5257600, 504]],
  ])('row %i', (row, expected) => {
    expect(Array.from(table.subarray(row * 3, row * 3 + 3))).toEqual(expected)
  })

  it('is the same each time', () => {
    expect(normalTable()).toEqual(table)
  })
})
