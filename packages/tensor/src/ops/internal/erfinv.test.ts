import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { erf } from '../../error-function.ts'
import { erfinv } from './erfinv.ts'

describe('erfinv', () => {
  it('inverts erf', () => {
    fc.assert(
      fc.property(fc.double({ min: -0.999999, max: 0.999999, noNaN: true }), y => {
        expect(Math.abs(erf(erfinv(y)) - y)).toBeLessThanOrEqual(2e-16 + 4e-16 * Math.abs(y))
      }),
    )
  })

  it('agrees with known values', () => {
    expect(erfinv(0.5)).toBeCloseTo(0.4769362762044699, 14)
    expect(erfinv(1 - 2 ** -30)).toBeCloseTo(4.328028275800947, 12)
    expect(erfinv(1e-300) / 1e-300).toBeCloseTo(Math.sqrt(Math.PI) / 2, 14)
  })

  it('keeps signs and goes to infinity at the ends', () => {
    expect(erfinv(-0)).toBe(-0)
    expect(erfinv(-0.25)).toBe(-erfinv(0.25))
    expect([erfinv(1), erfinv(-1), erfinv(1.5)]).toEqual([
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.NaN,
    ])
  })
})
