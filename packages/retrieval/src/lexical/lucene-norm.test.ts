import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { luceneNormRoundTrip } from './lucene-norm.ts'

fc.configureGlobal({ seed: 1 })

/** The definition: byte of a length, and length of a byte. */
const int4 = (i: number) => {
  if (i < 8) return i
  const shift = Math.floor(Math.log2(i)) - 3
  return (Math.floor(i / 2 ** shift) & 7) | ((shift + 1) << 3)
}
const undoInt4 = (byte: number) => (byte < 8 ? byte : ((byte & 7) | 8) * 2 ** ((byte >> 3) - 1))
const F = 255 - int4(2 ** 31 - 1)
const roundTrip = (l: number) => (l < F ? l : F + undoInt4(F + int4(l - F) - F))

describe('luceneNormRoundTrip', () => {
  it('answers the example of its documentation', () => {
    expect(luceneNormRoundTrip([39, 41, 47])).toEqual([39, 40, 46])
  })

  it('is exact up to 40', () => {
    const short = Array.from({ length: 41 }, (_, i) => i)
    expect(luceneNormRoundTrip(short)).toEqual(short)
  })

  it('equals the definition, which frees 24 bytes', () => {
    expect(F).toBe(24)
    const lengths = fc.array(fc.oneof(fc.nat(300), fc.nat(2 ** 31 - 1)))
    fc.assert(
      fc.property(lengths, values => {
        expect(luceneNormRoundTrip(values)).toEqual(values.map(roundTrip))
      }),
    )
  })

  it('never goes up, never loses an eighth, and does nothing the second time', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 31 - 1), length => {
        const [once] = luceneNormRoundTrip([length])
        expect(once).toBeLessThanOrEqual(length)
        expect(once).toBeGreaterThan((length * 7) / 8 - 1)
        expect(luceneNormRoundTrip([once])).toEqual([once])
      }),
    )
  })

  it('takes the largest length', () => {
    expect(luceneNormRoundTrip([2 ** 31 - 1])).toEqual([roundTrip(2 ** 31 - 1)])
  })

  it.each([-1, 0.5, 2 ** 31, Number.NaN])('refuses %s', length => {
    expect(() => luceneNormRoundTrip([1, length])).toThrow(
      `luceneNormRoundTrip: lengths[1] must be an integer in [0, 2147483647], got ${length}`,
    )
  })
})
