import { describe, expect, it } from 'vitest'
import { fixSigns } from './signs.ts'

describe('fixSigns', () => {
  it('makes the largest entry of each row positive and turns the partner along', () => {
    const rows = Float64Array.of(1, -3, 2, 5, -4, 0)
    const partner = Float64Array.of(1, 2, 3, 4)
    fixSigns(rows, 3, partner, 2)
    expect([...rows]).toEqual([-1, 3, -2, 5, -4, 0])
    expect([...partner]).toEqual([-1, -2, 3, 4])
  })

  it('takes the first of entries that are equal up to rounding', () => {
    const rows = Float64Array.of(-Math.SQRT1_2 * (1 - 1e-15), Math.SQRT1_2, 0.5, -0.50001)
    fixSigns(rows, 2)
    expect([...rows]).toEqual([Math.SQRT1_2 * (1 - 1e-15), -Math.SQRT1_2, -0.5, 0.50001])
  })

  it('leaves empty rows, zeros and NaN', () => {
    const rows = Float64Array.of(0, 0, Number.NaN, -1)
    fixSigns(rows, 2)
    expect([...rows]).toEqual([0, 0, Number.NaN, -1])
    fixSigns(new Float64Array(0), 0)
  })
})
