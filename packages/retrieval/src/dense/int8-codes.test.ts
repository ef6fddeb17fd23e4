import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quantizeInt8Rows } from './int8-codes.ts'

fc.configureGlobal({ seed: 1 })

const floats = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 20 })

describe('quantizeInt8Rows', () => {
  it('rounds half to even', () => {
    const { codes, scales } = quantizeInt8Rows([127, 0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 0.51], 8)
    expect([...codes]).toEqual([127, 0, 2, 2, 0, -2, -2, 1])
    expect([...scales]).toEqual([1])
  })

  it('has a scale for each row', () => {
    const { codes, scales } = quantizeInt8Rows([1, -2, 0.5, 0.25], 2)
    expect([...codes]).toEqual([64, -127, 127, 64])
    expect([...scales]).toEqual([Math.fround(2 / 127), Math.fround(0.5 / 127)])
  })

  it('gives a zero row scale 1 and codes 0', () => {
    const { codes, scales } = quantizeInt8Rows([0, -0, 0], 3)
    expect([...codes]).toEqual([0, 0, 0])
    expect([...scales]).toEqual([1])
  })

  it('takes rows of no values when their number is given', () => {
    expect(quantizeInt8Rows([], 0, 3).scales).toEqual(Float32Array.of(1, 1, 1))
  })

  it('maps the largest value to 127, and every value to within half a step', () => {
    fc.assert(
      fc.property(floats, values => {
        const { codes, scales } = quantizeInt8Rows(values, values.length)
        const largest = Math.max(...values.map(Math.abs))
        expect(codes.every(code => code >= -127)).toBe(true)
        if (largest < 1e-30) return
        expect(Math.max(...codes.map(Math.abs))).toBe(127)
        for (const [i, code] of codes.entries()) {
          expect(Math.abs(code * scales[0] - values[i])).toBeLessThanOrEqual(scales[0] * 0.50002)
        }
      }),
    )
  })

  it('is odd: codes of -x are minus codes of x', () => {
    fc.assert(
      fc.property(floats, values => {
        const plus = quantizeInt8Rows(values, values.length)
        const minus = quantizeInt8Rows(
          values.map(x => -x),
          values.length,
        )
        expect([...minus.codes]).toEqual(Array.from(plus.codes, code => 0 - code))
        expect(minus.scales).toEqual(plus.scales)
      }),
    )
  })

  it('stays in range among subnormal numbers', () => {
    const { codes } = quantizeInt8Rows([1e-43, 1e-45, -3e-44], 3)
    expect(codes.every(code => Math.abs(code) <= 127)).toBe(true)
  })
})
