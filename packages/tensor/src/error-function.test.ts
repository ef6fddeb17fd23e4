import { describe, expect, it } from 'vitest'
import { erf, erfc, erfinv } from './error-function.ts'

/** Values of a 40-digit computation at the nearest doubles. */
const reference: readonly [x: number, erf: number, erfc: number][] = [
  [0.1, 0.1124629160182849, 0.887537083981715],
  [0.5, 0.5204998778130465, 0.4795001221869535],
  [0.9, 0.7969082124228322, 0.20309178757716786],
  [1.1, 0.8802050695740817, 0.11979493042591827],
  [1.5, 0.9661051464753108, 0.033894853524689274],
  [2.5, 0.999593047982555, 0.0004069520174449589],
  [3, 0.9999779095030014, 2.209049699858544e-5],
  [5, 0.9999999999984626, 1.537459794428035e-12],
  [-0.7, -0.6778011938374184, 1.6778011938374184],
  [-2, -0.9953222650189527, 1.9953222650189526],
]

const relative = (got: number, want: number): number => Math.abs(got / want - 1)

describe('erf and erfc', () => {
  it.each(reference)('are accurate to 1e-15 at %d', (x, value, complement) => {
    expect(relative(erf(x), value)).toBeLessThan(1e-15)
    expect(relative(erfc(x), complement)).toBeLessThan(1e-15)
  })

  it('are accurate in the far tail and near 0', () => {
    expect(relative(erfc(26), 5.663192408856143e-296)).toBeLessThan(1e-15)
    expect(relative(erf(1e-10), 1.1283791670955126e-10)).toBeLessThan(1e-15)
  })

  it('are odd, and 2 minus the mirror image', () => {
    for (let x = 0; x < 7; x += 0.037) {
      expect(erf(-x)).toBe(-erf(x))
      expect(Math.abs(erfc(-x) - (2 - erfc(x)))).toBeLessThan(5e-16)
      expect(Math.abs(erf(x) + erfc(x) - 1)).toBeLessThan(5e-16)
    }
  })

  it('rise and fall without steps where the approximation changes', () => {
    for (const border of [0.84375, 1.25, 1 / 0.35, 6]) {
      const below = border * (1 - 2 ** -52)
      expect(erf(border) - erf(below)).toBeGreaterThanOrEqual(0)
      expect(relative(erf(border), erf(below))).toBeLessThan(1e-14)
      expect(relative(erfc(border), erfc(below))).toBeLessThan(3e-14)
    }
  })

  it('reach their limits', () => {
    expect([erf(Number.POSITIVE_INFINITY), erf(Number.NEGATIVE_INFINITY), erf(6), erf(-30)]).toEqual([1, -1, 1, -1])
    expect([erfc(Number.POSITIVE_INFINITY), erfc(Number.NEGATIVE_INFINITY), erfc(28), erfc(-28)]).toEqual([0, 2, 0, 2])
    expect([erf(Number.NaN), erfc(Number.NaN)]).toEqual([Number.NaN, Number.NaN])
    expect([erf(-0), erf(0), erfc(0)]).toEqual([-0, 0, 1])
  })
})

describe('erfinv', () => {
  it('inverts erf', () => {
    for (let y = -0.9999; y < 1; y += 0.0173)
      expect(Math.abs(erf(erfinv(y)) - y)).toBeLessThanOrEqual(2e-16 + 4e-16 * Math.abs(y))
  })

  it('agrees with known values', () => {
    expect(erfinv(0.5)).toBeCloseTo(0.4769362762044699, 14)
    expect(erfinv(1 - 2 ** -30)).toBeCloseTo(4.328028275800947, 12)
    expect(erfinv(1e-300) / 1e-300).toBeCloseTo(Math.sqrt(Math.PI) / 2, 14)
  })

  it('keeps signs and goes to infinity at the ends', () => {
    expect([erfinv(-0), erfinv(0)]).toEqual([-0, 0])
    expect(erfinv(-0.25)).toBe(-erfinv(0.25))
    expect([1, -1, 1.5, Number.NaN].map(erfinv)).toEqual([
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.NaN,
      Number.NaN,
    ])
  })
})
