import { describe, expect, it } from 'vitest'
import { erfc } from '../error-function.ts'
import { fillThreefryBits } from '../threefry.ts'
import { normalFromBits } from './normal.ts'

/** The distribution function of the standard normal. */
const distribution = (z: number): number => erfc(-z / Math.SQRT2) / 2

describe('normalFromBits', () => {
  it.each([
    [0, -13291661],
    [31, -11881202],
    [32, -11869959],
    [100, -11456873],
    [2147483647, -1],
    [2147483648, 1],
    [4294967295, 13291661],
    [124836966, -3973481],
    [43, -11764600],
    [892486, -7402898],
    [54444088, -4689209],
    [928254, -7381067],
    [7303, -9741247],
    [49398399, -4767637],
  ])('of bits %i is %i units of 2^-21', (bits, units) => {
    expect(normalFromBits(bits | 0) * 2 ** 21).toBe(units)
  })

  it('is odd: complementary bits give opposite numbers', () => {
    for (const bits of [0, 1, 31, 32, 33, 1000, 2 ** 20 + 3, 2 ** 30, 2 ** 31 - 1])
      expect(normalFromBits(~bits)).toBe(-normalFromBits(bits))
  })

  it('is a multiple of 2^-21 of magnitude at most 6.34', () => {
    expect(normalFromBits(0)).toBeCloseTo(-6.338, 3)
    const bits = new Int32Array(500)
    fillThreefryBits([1, 1], 0, bits)
    for (const pattern of bits) {
      const z = normalFromBits(pattern)
      expect(Number.isInteger(z * 2 ** 21)).toBe(true)
      expect(Math.abs(z)).toBeLessThanOrEqual(6.34)
    }
  })

  it('inverts the distribution function to within 1e-6', () => {
    const samples = Array.from({ length: 400 }, (_, k) => Math.floor((k / 400) * 2 ** 32))
    for (let octave = 0; octave < 31; octave++) samples.push(2 ** octave, 2 ** octave - 1, 3 * 2 ** (octave - 1))
    for (const w of samples.map(Math.floor)) {
      const p = (w + 0.5) / 2 ** 32
      const z = normalFromBits(w | 0)
      // A step of Newton's method measures the error in z.
      const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)
      const tail = z < 0 ? distribution(z) - p : 1 - p - distribution(-z)
      expect(Math.abs(tail / density)).toBeLessThan(1e-6)
    }
  })

  it('never falls as the unsigned bits grow', () => {
    let last = Number.NEGATIVE_INFINITY
    for (let w = 0; w < 2 ** 32; w += 9973 * 97) {
      const z = normalFromBits(w | 0)
      expect(z).toBeGreaterThanOrEqual(last)
      last = z
    }
  })

  it('has mean 0 and variance 1', () => {
    const bits = new Int32Array(20000)
    fillThreefryBits([5, 6], 0, bits)
    const z = Array.from(bits, normalFromBits)
    const mean = z.reduce((sum, x) => sum + x, 0) / z.length
    const variance = z.reduce((sum, x) => sum + (x - mean) ** 2, 0) / z.length
    expect(Math.abs(mean)).toBeLessThan(0.03)
    expect(Math.abs(variance - 1)).toBeLessThan(0.03)
  })
})
