import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { distance, randomMatrix } from './__fixtures__/random-matrix.ts'
import { identity, type Matrix, product, transposed } from './dense.ts'
import { eigenSymmetric } from './symmetric-eigen.ts'

fc.configureGlobal({ seed: 11, numRuns: 60 })

function check(a: Matrix, n: number, tolerance: number): void {
  const symmetric = a.map((x, i) => (x + a[(i % n) * n + Math.floor(i / n)]) / 2)
  const [values, rows] = eigenSymmetric(a.slice(), n)
  const columns = transposed(rows, n, n)
  const scaled = columns.map((x, i) => x * values[i % n])
  expect(distance(product(scaled, rows, n, n, n), symmetric)).toBeLessThan(tolerance)
  expect(distance(product(rows, columns, n, n, n), identity(n))).toBeLessThan(tolerance)
  expect([...values]).toEqual([...values].sort((x, y) => x - y))
}

describe('eigenSymmetric', () => {
  it('gives orthonormal vectors that rebuild the symmetric part, values ascending', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.nat(999), fc.boolean(), (n, seed, whole) => {
        const a = randomMatrix(seed, n, n)
        check(whole ? a.map(Math.round) : a, n, 1e-13)
      }),
    )
  })

  it('of a larger one', () => check(randomMatrix(5, 60, 60), 60, 1e-12))

  it('of equal values, zeros and diagonals', () => {
    check(identity(4), 4, 1e-15)
    check(new Float64Array(9), 3, 1e-15)
    check(new Float64Array(25).fill(1), 5, 1e-14)
    expect([...eigenSymmetric(Float64Array.of(3, 0, 0, 1e-20), 2)[0]]).toEqual([1e-20, 3])
  })

  it('of the second difference agrees with cosines', () => {
    const n = 9
    const a = Float64Array.from({ length: n * n }, (_, i) => [2, -1][Math.abs(Math.floor(i / n) - (i % n))] ?? 0)
    const expected = Array.from({ length: n }, (_, k) => 2 - 2 * Math.cos((Math.PI * (k + 1)) / (n + 1)))
    expect(distance(eigenSymmetric(a, n)[0], expected)).toBeLessThan(1e-14)
  })

  it('of nothing, and of what is not finite', () => {
    expect(eigenSymmetric(new Float64Array(0), 0)).toEqual([new Float64Array(0), new Float64Array(0)])
    for (const x of [Number.NaN, Number.NEGATIVE_INFINITY]) {
      const [values, vectors] = eigenSymmetric(Float64Array.of(1, x, x, 1), 2)
      expect([...values, ...vectors].every(Number.isNaN)).toBe(true)
    }
  })
})
