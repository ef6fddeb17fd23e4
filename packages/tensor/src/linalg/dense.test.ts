import { describe, expect, it } from 'vitest'
import { addScaled, gatherRows, identity, inner, isFiniteMatrix, product, rotate, scale, transposed } from './dense.ts'

const a = Float64Array.of(1, 2, 3, 4, 5, 6)

describe('dense matrices', () => {
  it('are transposed', () => {
    expect([...transposed(a, 2, 3)]).toEqual([1, 4, 2, 5, 3, 6])
    expect([...transposed(transposed(a, 2, 3), 3, 2)]).toEqual([...a])
  })

  it('are multiplied', () => {
    expect([...product(a, transposed(a, 2, 3), 2, 3, 2)]).toEqual([14, 32, 32, 77])
    expect([...product(identity(2), a, 2, 2, 3)]).toEqual([...a])
    expect([...product(new Float64Array(0), new Float64Array(0), 2, 0, 1)]).toEqual([0, 0])
  })

  it('give rows in another order', () => {
    expect([...gatherRows(a, [1, 0, 1], 3)]).toEqual([4, 5, 6, 1, 2, 3, 4, 5, 6])
  })

  it('are finite or not', () => {
    expect(isFiniteMatrix(a)).toBe(true)
    expect([Number.NaN, Number.POSITIVE_INFINITY].map(x => isFiniteMatrix(Float64Array.of(1, x)))).toEqual([
      false,
      false,
    ])
  })
})

describe('parts of rows', () => {
  it('have inner products', () => {
    expect(inner(a, 1, a, 3, 2)).toBe(2 * 4 + 3 * 5)
    expect(inner(a, 0, a, 0, 0)).toBe(0)
  })

  it('are added and scaled in place', () => {
    const x = a.slice()
    addScaled(x, 3, -2, x, 0, 2)
    expect([...x]).toEqual([1, 2, 3, 2, 1, 6])
    scale(x.subarray(4), 3)
    expect([...x]).toEqual([1, 2, 3, 2, 3, 18])
  })

  it('are rotated in pairs', () => {
    const x = Float64Array.of(3, 1, 4, 2)
    rotate(x, 0, 2, 0.6, 0.8, 2)
    expect(x[0]).toBeCloseTo(0.6 * 3 - 0.8 * 4, 15)
    expect(x[2]).toBeCloseTo(0.8 * 3 + 0.6 * 4, 15)
    expect(x[1] ** 2 + x[3] ** 2).toBeCloseTo(5, 14)
  })
})
