import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { distance, randomMatrix } from './__fixtures__/random-matrix.ts'
import { factorCholesky } from './cholesky.ts'
import { product, transposed } from './dense.ts'

fc.configureGlobal({ seed: 11, numRuns: 60 })

describe('factorCholesky', () => {
  it('gives a lower triangle whose square is the matrix', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.nat(999), (n, seed) => {
        const l = randomMatrix(seed, n, n).map((x, i) => {
          const [row, column] = [Math.floor(i / n), i % n]
          return row < column ? 0 : row === column ? Math.abs(x) + 0.5 : x
        })
        const a = product(l, transposed(l, n, n), n, n, n)
        expect(factorCholesky(a, n)).toBe(0)
        expect(distance(a, l)).toBeLessThan(1e-12)
      }),
    )
  })

  it('reads the mean of both triangles', () => {
    const a = Float64Array.of(4, 0, 4, 10)
    expect(factorCholesky(a, 2)).toBe(0)
    expect([...a]).toEqual([2, 0, 1, 3])
  })

  it.each([
    [1, [0]],
    [1, [Number.NaN]],
    [2, [1, 2, 2, 1]],
    [2, [1, 1, 1, 1]],
    [3, [1, 0, 0, 0, 1, 0, 0, 0, -1]],
  ])('names the leading minor %d of %j', (minor, data) => {
    expect(factorCholesky(Float64Array.from(data), Math.sqrt(data.length))).toBe(minor)
  })
})
