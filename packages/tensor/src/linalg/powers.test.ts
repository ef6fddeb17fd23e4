import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { distance, randomMatrix } from './__fixtures__/random-matrix.ts'
import { identity, type Matrix, product } from './dense.ts'
import { exponential, power } from './powers.ts'

fc.configureGlobal({ seed: 11, numRuns: 60 })

describe('power', () => {
  it('agrees with repeated products', () => {
    const a = randomMatrix(1, 3, 3)
    let expected = identity(3)
    for (let exponent = 0; exponent < 12; exponent++) {
      expect(distance(power(a.slice(), 3, exponent) as Matrix, expected)).toBeLessThan(1e-13)
      expected = product(expected, a, 3, 3, 3)
    }
  })

  it('of a negative exponent is that of the inverse', () => {
    const a = Float64Array.of(2, 1, 0, 1)
    expect([...(power(a.slice(), 2, -2) as Matrix)]).toEqual([0.25, -0.75, 0, 1])
    expect(power(Float64Array.of(1, 1, 1, 1), 2, -1)).toBeNull()
    expect([...(power(Float64Array.of(1, 1, 1, 1), 2, 0) as Matrix)]).toEqual([1, 0, 0, 1])
  })
})

describe('exponential', () => {
  it.each([
    [
      [0, 0, 0, 0],
      [1, 0, 0, 1],
    ],
    [
      [1, 0, 0, -2],
      [Math.E, 0, 0, Math.exp(-2)],
    ],
    [
      [0, 5, 0, 0],
      [1, 5, 0, 1],
    ],
    [
      [0, -2, 2, 0],
      [Math.cos(2), -Math.sin(2), Math.sin(2), Math.cos(2)],
    ],
    [
      [20, 0, 0, 30],
      [Math.exp(20), 0, 0, Math.exp(30)],
    ],
  ])('of %j', (a, expected) => {
    const scale = Math.max(...expected)
    expect(distance(exponential(Float64Array.from(a), 2), expected) / scale).toBeLessThan(1e-13)
  })

  it('turns commuting sums into products', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.nat(999), (n, seed) => {
        const a = randomMatrix(seed, n, n)
        const once = exponential(a.slice(), n)
        const thrice = exponential(
          a.map(x => 3 * x),
          n,
        )
        const cubed = product(product(once, once, n, n, n), once, n, n, n)
        expect(distance(thrice, cubed)).toBeLessThan(1e-12 * (1 + Math.max(...cubed.map(Math.abs))))
      }),
    )
  })

  it('of nothing, and of what is not finite', () => {
    expect(exponential(new Float64Array(0), 0)).toEqual(new Float64Array(0))
    expect([...exponential(Float64Array.of(0, Number.POSITIVE_INFINITY, 0, 0), 2)].every(Number.isNaN)).toBe(true)
  })
})
