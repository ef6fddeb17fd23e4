import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { firstDifference } from './compare.ts'

describe('firstDifference', () => {
  it('accepts what is equal within the tolerance', () => {
    expect(firstDifference([[1, 1000]], [[1.00005, 1000.05]])).toBe(null)
    expect(firstDifference([[1]], [[1.4]], { atol: 0.5 })).toBe(null)
  })

  it('names the first element that differs', () => {
    expect(firstDifference([[1], [2, 3, 4]], [[1], [2, 3.5, 5]])).toBe('element 1 of result 1 is 3.5 and not 3')
  })

  it('is exact without tolerance', () => {
    expect(firstDifference([[1]], [[1 + 2 ** -23]], { rtol: 0, atol: 0 })).not.toBe(null)
    expect(firstDifference([[0.1]], [[0.1]], { rtol: 0, atol: 0 })).toBe(null)
  })

  it.each([
    [Number.NaN, Number.NaN, true],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, true],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, false],
    [1, Number.NaN, false],
    [Number.NaN, 1, false],
    [Number.POSITIVE_INFINITY, 1e30, false],
    [1e30, Number.POSITIVE_INFINITY, false],
  ])('compares %d and %d', (a, b, equal) => {
    expect(firstDifference([[a]], [[b]]) === null).toBe(equal)
  })

  it('counts results and elements', () => {
    expect(firstDifference([[1]], [])).toBe('gives 0 results and not 1')
    expect(firstDifference([[1, 2]], [[1]])).toBe('result 0 has 1 elements and not 2')
  })

  it('finds any change of any element', () => {
    const numbers = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(numbers, fc.nat(), (list, position) => {
        const at = position % list.length
        const changed = list.with(at, list[at] + 1)
        expect(firstDifference([list], [list])).toBe(null)
        expect(firstDifference([list], [changed])).toMatch(`element ${at} of result 0`)
      }),
    )
  })
})
