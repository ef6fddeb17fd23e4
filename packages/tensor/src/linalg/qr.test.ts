import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyMatrix, distance } from './__fixtures__/random-matrix.ts'
import { identity, product, transposed } from './dense.ts'
import { factorQR } from './qr.ts'

fc.configureGlobal({ seed: 11, numRuns: 60 })

describe('factorQR', () => {
  it('gives orthonormal columns, an upper triangle with a diagonal that is not negative, and their product', () => {
    fc.assert(
      fc.property(anyMatrix, ({ a, m, n }) => {
        const k = Math.min(m, n)
        const [q, r] = factorQR(a, m, n)
        expect(distance(product(q, r, m, k, n), a)).toBeLessThan(1e-14)
        expect(distance(product(transposed(q, m, k), q, k, m, k), identity(k))).toBeLessThan(1e-14)
        r.forEach((x, i) => {
          if (Math.floor(i / n) > i % n) expect(x).toBe(0)
          if (Math.floor(i / n) === i % n) expect(x).toBeGreaterThanOrEqual(0)
        })
      }),
    )
  })

  it('of one element, and of nothing', () => {
    expect(factorQR(Float64Array.of(-3), 1, 1).map(x => [...x])).toEqual([[-1], [3]])
    expect(factorQR(new Float64Array(0), 3, 0).map(x => x.length)).toEqual([0, 0])
    expect(factorQR(new Float64Array(2), 1, 2).map(x => [...x])).toEqual([[1], [0, 0]])
  })
})
