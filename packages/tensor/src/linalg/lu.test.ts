import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { distance, randomMatrix } from './__fixtures__/random-matrix.ts'
import { identity, type Matrix, product } from './dense.ts'
import { determinant, invert, logDeterminant, solveLinear } from './lu.ts'

fc.configureGlobal({ seed: 11, numRuns: 60 })

/** Expansion along the first row. */
function naiveDeterminant(a: Matrix, n: number): number {
  if (n === 0) return 1
  let sum = 0
  for (let column = 0; column < n; column++) {
    const minor = a.filter((_, i) => i >= n && i % n !== column)
    sum += (column % 2 === 0 ? 1 : -1) * a[column] * naiveDeterminant(minor, n - 1)
  }
  return sum
}

const sizes = fc.record({ n: fc.integer({ min: 1, max: 6 }), seed: fc.nat(999) })

describe('solveLinear and invert', () => {
  it('undo the product', () => {
    fc.assert(
      fc.property(sizes, ({ n, seed }) => {
        const a = randomMatrix(seed, n, n).map((x, i) => (i % (n + 1) === 0 ? x + 4 : x))
        const x = randomMatrix(seed + 1, n, 2)
        expect(distance(solveLinear(a.slice(), product(a, x, n, n, 2), n, 2) as Matrix, x)).toBeLessThan(1e-13)
        expect(distance(product(a, invert(a.slice(), n) as Matrix, n, n, n), identity(n))).toBeLessThan(1e-13)
      }),
    )
  })

  it('need pivoting', () => {
    expect([...(invert(Float64Array.of(0, 2, 1, 0), 2) as Matrix)]).toEqual([0, 1, 0.5, 0])
  })

  it('are null for a zero pivot', () => {
    expect(invert(Float64Array.of(1, 2, 2, 4), 2)).toBeNull()
    expect(invert(new Float64Array(1), 1)).toBeNull()
    expect(invert(new Float64Array(0), 0)).toEqual(new Float64Array(0))
  })

  it('spread NaN instead of calling it singular', () => {
    expect([...(invert(Float64Array.of(0, 1, Number.NaN, 1), 2) as Matrix)].some(Number.isNaN)).toBe(true)
  })
})

describe('determinants', () => {
  it('agree with the expansion along a row', () => {
    fc.assert(
      fc.property(sizes, ({ n, seed }) => {
        const a = randomMatrix(seed, n, n)
        const expected = naiveDeterminant(a, n)
        const [sign, logabsdet] = logDeterminant(a.slice(), n)
        expect(Math.abs(determinant(a.slice(), n) - expected)).toBeLessThan(1e-13)
        expect(Math.abs(sign * Math.exp(logabsdet) - expected)).toBeLessThan(1e-13)
      }),
    )
  })

  it('of singular and empty matrices', () => {
    expect(determinant(Float64Array.of(1, 2, 2, 4), 2)).toBe(0)
    expect(logDeterminant(Float64Array.of(-1, 2, 2, -4), 2)).toEqual([0, Number.NEGATIVE_INFINITY])
    expect(determinant(new Float64Array(0), 0)).toBe(1)
    expect(logDeterminant(new Float64Array(0), 0)).toEqual([1, 0])
  })

  it('do not overflow as logarithms', () => {
    const a = identity(200).map(x => x * 1e30)
    expect(logDeterminant(a, 200)[1]).toBeCloseTo(200 * Math.log(1e30), 8)
  })
})
