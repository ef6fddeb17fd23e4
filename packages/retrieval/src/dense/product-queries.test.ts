import { normal, randomKey } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { float32Error, float32Query, int8Query } from './product-queries.ts'

const query = Float64Array.of(3, -4, 0)

describe('float32Query', () => {
  it('takes the query as it is for inner products', () => {
    const { values, factor, constant } = float32Query(query, 'dot', 1)
    expect([[...values], factor, constant]).toEqual([[3, -4, 0], 1, 0])
  })

  it('takes the direction for cosines', () => {
    const { values, factor, constant } = float32Query(query, 'cosine', 1 / 5)
    expect([[...values], factor, constant]).toEqual([[Math.fround(3 / 5), Math.fround(-4 / 5), 0], 1, 0])
  })

  it('expands squared distances, negated', () => {
    const { values, factor, constant } = float32Query(query, 'l2', 1)
    expect([[...values], factor, constant]).toEqual([[3, -4, 0], 2, -25])
  })

  it('bounds the error by the length and the number of values', () => {
    const { errorPerNorm } = float32Query(query, 'dot', 1)
    expect(errorPerNorm).toBeGreaterThan(3 * 5 * 2 ** -24)
    expect(errorPerNorm).toBeLessThan(8 * 5 * 2 ** -24)
  })
})

describe('float32Error', () => {
  it('grows with the dimension, and says nothing of sums that may lose everything', () => {
    expect(float32Error(256)).toBeCloseTo(260 / 2 ** 24, 8)
    expect(float32Error(2 ** 23)).toBeGreaterThan(1)
    expect(float32Error(2 ** 24)).toBe(Infinity)
  })
})

describe('int8Query', () => {
  it('scales the largest value to 127', () => {
    const { values, factor, constant } = int8Query(Float64Array.of(-2, 1, 0), 'dot', 1)
    expect([[...values], factor, constant]).toEqual([[-127, 64, 0], 2 / 127, 0])
    expect([...int8Query(new Float64Array(2), 'dot', 1).values]).toEqual([0, 0])
  })

  it('bounds what the codes leave out', () => {
    const exact = int8Query(Float64Array.of(127, -5, 64), 'dot', 1)
    expect(exact.errorPerNorm).toBeLessThan(1e-4)
    const dim = 256
    const values = Float64Array.from(normal(randomKey(1), [dim]).dataSync())
    const length = Math.hypot(...values)
    const { errorPerNorm } = int8Query(values, 'dot', 1)
    expect(errorPerNorm / length).toBeLessThan(0.01)
    expect(int8Query(values, 'cosine', 1 / length).errorPerNorm).toBeCloseTo(errorPerNorm / length, 10)
    expect(int8Query(values, 'l2', 1).errorPerNorm).toBeCloseTo(2 * errorPerNorm, 10)
  })
})
