import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { binarizeRows, hammingRows, wordsPerRow } from './binary-codes.ts'

fc.configureGlobal({ seed: 1 })

describe('binarizeRows', () => {
  it('sets bit i of word i / 32 where the value is above 0', () => {
    expect([...binarizeRows([1, -1, 0.5, 0, -0, 1e-45], 6)]).toEqual([0b100101])
  })

  it('fills words from the low end, bit 31 making a negative number', () => {
    const values = new Float32Array(40)
    values[31] = 1
    values[32] = 1
    values[39] = 1
    expect([...binarizeRows(values, 40)]).toEqual([-(2 ** 31), 0b10000001])
  })

  it('starts every row in a word of its own', () => {
    expect([...binarizeRows([1, 1, -1, 1], 2)]).toEqual([0b11, 0b10])
    expect(wordsPerRow(33)).toBe(2)
    expect(wordsPerRow(32)).toBe(1)
  })
})

describe('hammingRows', () => {
  const dims = [1, 31, 32, 33, 64, 100, 256, 31 * 32, 31 * 32 + 1, 2100]

  it.each(dims)('counts differing signs of %i dimensions', dim => {
    const signs = fc.array(fc.boolean(), { minLength: dim, maxLength: dim })
    fc.assert(
      fc.property(signs, signs, signs, (q, a, b) => {
        const values = (bits: boolean[]) => bits.map(bit => (bit ? 1 : -1))
        const out = new Int32Array(2)
        hammingRows(binarizeRows(values(q), dim), binarizeRows([...values(a), ...values(b)], dim), out)
        const differing = (row: boolean[]) => row.filter((bit, i) => bit !== q[i]).length
        expect([...out]).toEqual([differing(a), differing(b)])
      }),
      { numRuns: 20 },
    )
  })

  it.each(dims)('reaches the whole dimension %i', dim => {
    const out = new Int32Array(1)
    hammingRows(binarizeRows(new Float32Array(dim).fill(1), dim), new Int32Array(wordsPerRow(dim)), out)
    expect(out[0]).toBe(dim)
  })
})
