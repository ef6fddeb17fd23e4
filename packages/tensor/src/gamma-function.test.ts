import { describe, expect, it } from 'vitest'
import { digamma, lgamma, polygamma } from './gamma-function.ts'

const euler = 0.5772156649015329

/** Relative, and absolute near the zeros of a function. */
function isNear(got: number, wanted: number, tolerance = 1e-12): void {
  expect(Math.abs(got - wanted)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(wanted)))
}

describe('lgamma', () => {
  it('is the logarithm of factorials', () => {
    let factorial = 1
    for (let n = 1; n < 20; n++) {
      isNear(lgamma(n), Math.log(factorial))
      factorial *= n
    }
  })

  it('follows the recurrence and the reflection', () => {
    for (const x of [0.1, 0.5, 1.3, 2.7, 11.5, 1e3, 1e8]) isNear(lgamma(x + 1) - lgamma(x), Math.log(x), 1e-9 * (1 + x))
    for (const x of [-0.5, -1.3, -7.25])
      isNear(lgamma(x) + lgamma(1 - x), Math.log(Math.PI / Math.abs(Math.sin(Math.PI * x))), 1e-10)
    isNear(lgamma(0.5), Math.log(Math.PI) / 2)
  })

  it('has poles at 0, -1, -2', () => {
    for (const x of [0, -1, -2, -30]) expect(lgamma(x)).toBe(Number.POSITIVE_INFINITY)
    expect(lgamma(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY)
    expect(lgamma(Number.NaN)).toBeNaN()
  })
})

describe('digamma', () => {
  it('is known at 1, 1/2 and by its recurrence', () => {
    isNear(digamma(1), -euler)
    isNear(digamma(0.5), -euler - 2 * Math.LN2)
    for (const x of [0.1, 0.7, 3.3, 25]) isNear(digamma(x + 1) - digamma(x), 1 / x)
    for (const x of [-0.3, -2.6]) isNear(digamma(1 - x) - digamma(x), Math.PI / Math.tan(Math.PI * x), 1e-10)
  })

  it('has its poles', () => {
    expect(digamma(0)).toBe(Number.NEGATIVE_INFINITY)
    for (const x of [-1, -2, Number.NaN]) expect(digamma(x)).toBeNaN()
  })
})

describe('polygamma', () => {
  it('is digamma for 0 and known at 1 and 1/2', () => {
    isNear(polygamma(0, 2.3), digamma(2.3))
    isNear(polygamma(1, 1), Math.PI ** 2 / 6)
    isNear(polygamma(1, 0.5), Math.PI ** 2 / 2)
    isNear(polygamma(2, 1), -2 * 1.2020569031595942)
  })

  it('follows its recurrence', () => {
    for (const n of [1, 2, 3])
      for (const x of [0.3, 1.7, 9]) {
        const factorial = [1, 1, 2, 6][n]
        isNear(polygamma(n, x) - polygamma(n, x + 1), ((-1) ** (n + 1) * factorial) / x ** (n + 1), 1e-10)
      }
  })
})
