import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { distance, randomMatrix } from './__fixtures__/random-matrix.ts'
import { cofactors } from './cofactors.ts'
import type { Matrix } from './dense.ts'
import { determinant } from './lu.ts'

fc.configureGlobal({ seed: 11, numRuns: 60 })

function naiveCofactors(a: Matrix, n: number): Matrix {
  return a.map((_, i) => {
    const [row, column] = [Math.floor(i / n), i % n]
    const minor = a.filter((_, j) => Math.floor(j / n) !== row && j % n !== column)
    return (row + column) % 2 === 0 ? determinant(minor, n - 1) : -determinant(minor, n - 1)
  })
}

describe('cofactors', () => {
  it('agree with the determinants of the minors, whatever the rank', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.nat(999), fc.nat(2), (n, seed, equalRows) => {
        const a = randomMatrix(seed, n, n)
        for (let row = 1; row <= Math.min(equalRows, n - 1); row++) a.copyWithin(row * n, 0, n)
        expect(distance(cofactors(a.slice(), n), naiveCofactors(a, n))).toBeLessThan(1e-13)
      }),
    )
  })

  it('of an example, and of zeros', () => {
    expect(distance(cofactors(Float64Array.of(1, 2, 2, 4), 2), [4, -2, -2, 1])).toBeLessThan(1e-14)
    expect([...cofactors(new Float64Array(1), 1)]).toEqual([1])
    expect(distance(cofactors(new Float64Array(9), 3), new Float64Array(9))).toBe(0)
  })
})
