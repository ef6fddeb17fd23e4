import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyMatrix, distance, randomMatrix } from './__fixtures__/random-matrix.ts'
import { identity, type Matrix, product, transposed } from './dense.ts'
import { singularValues } from './singular-values.ts'

fc.configureGlobal({ seed: 11, numRuns: 60 })

function check(a: Matrix, m: number, n: number, tolerance: number): void {
  const k = Math.min(m, n)
  const { left, values, right } = singularValues(a.slice(), m, n)
  const scaled = transposed(left, k, m).map((x, i) => x * values[i % k])
  expect(distance(product(scaled, right, m, k, n), a)).toBeLessThan(tolerance)
  expect(distance(product(left, transposed(left, k, m), k, m, k), identity(k))).toBeLessThan(tolerance)
  expect(distance(product(right, transposed(right, k, n), k, n, k), identity(k))).toBeLessThan(tolerance)
  expect([...values]).toEqual([...values].sort((x, y) => y - x))
  expect(values.every(value => value >= 0)).toBe(true)
}

describe('singularValues', () => {
  it('gives orthonormal vectors that rebuild the matrix of any rank, values descending', () => {
    fc.assert(fc.property(anyMatrix, ({ a, m, n }) => check(a, m, n, 1e-13)))
  })

  it('of larger ones', () => {
    check(randomMatrix(1, 40, 40), 40, 40, 1e-12)
    check(randomMatrix(2, 90, 12), 90, 12, 1e-12)
    check(randomMatrix(3, 12, 90), 12, 90, 1e-12)
  })

  it('of rank 1, of zeros and of rank 0 in some rows completes the basis', () => {
    check(Float64Array.of(1, 2, 3, 2, 4, 6, 1, 0, 1), 3, 3, 1e-14)
    check(new Float64Array(25).fill(1), 5, 5, 1e-14)
    check(new Float64Array(8), 4, 2, 1e-15)
    expect([...singularValues(new Float64Array(4), 2, 2).values]).toEqual([0, 0])
  })

  it('keeps the digits of small values', () => {
    const a = Float64Array.of(1, 1, 0, 1e-12)
    const [large, small] = singularValues(a, 2, 2).values
    expect((large * small) / 1e-12).toBeCloseTo(1, 10)
    expect([...singularValues(Float64Array.of(0, 1e-30, 2, 0), 2, 2).values]).toEqual([2, 1e-30])
  })

  it('of tiny and of huge elements', () => {
    for (const size of [1e-45, 1e38])
      expect([...singularValues(Float64Array.of(3 * size, 0, 0, -4 * size), 2, 2).values]).toEqual([4 * size, 3 * size])
  })

  it('of nothing, and of what is not finite', () => {
    expect(singularValues(new Float64Array(0), 3, 0)).toEqual({
      left: new Float64Array(0),
      values: new Float64Array(0),
      right: new Float64Array(0),
    })
    const { left, values, right } = singularValues(Float64Array.of(1, Number.NaN), 2, 1)
    expect([left.length, values.length, right.length]).toEqual([2, 1, 1])
    expect([...left, ...values, ...right].every(Number.isNaN)).toBe(true)
  })
})
