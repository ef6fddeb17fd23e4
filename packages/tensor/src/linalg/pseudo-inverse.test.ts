import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyMatrix, distance } from './__fixtures__/random-matrix.ts'
import { type Matrix, product, transposed } from './dense.ts'
import { pseudoInverse } from './pseudo-inverse.ts'

fc.configureGlobal({ seed: 11, numRuns: 60 })

describe('pseudoInverse', () => {
  it('meets the four conditions of Penrose', () => {
    fc.assert(
      fc.property(anyMatrix, ({ a, m, n }) => {
        const p = pseudoInverse(a.slice(), m, n, 1e-10)
        const scale = p.reduce((most, x) => Math.max(most, Math.abs(x)), 1)
        const near = (x: Matrix, y: Matrix): void => expect(distance(x, y) / scale ** 2).toBeLessThan(1e-11)
        const [ap, pa] = [product(a, p, m, n, m), product(p, a, n, m, n)]
        near(product(ap, a, m, m, n), a)
        near(product(pa, p, n, n, m), p)
        near(ap, transposed(ap, m, m))
        near(pa, transposed(pa, n, n))
      }),
    )
  })

  it('drops values up to rtol times the largest', () => {
    const a = Float64Array.of(4, 0, 0, 1)
    expect([...pseudoInverse(a.slice(), 2, 2, 0.2)]).toEqual([0.25, 0, 0, 1])
    expect([...pseudoInverse(a.slice(), 2, 2, 0.25)]).toEqual([0.25, 0, 0, 0])
    expect([...pseudoInverse(new Float64Array(2), 1, 2, 1e-6)]).toEqual([0, 0])
  })
})
