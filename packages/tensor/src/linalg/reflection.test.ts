import { describe, expect, it } from 'vitest'
import { randomMatrix } from './__fixtures__/random-matrix.ts'
import { inner } from './dense.ts'
import { reflect, reflectionOf } from './reflection.ts'

describe('reflections', () => {
  it.each([
    [3, 4, 0],
    [-3, 0, 4],
    [-2, 0, 0],
    [0, -5, 0],
  ])('map (%d, %d, %d) to the first axis', (...x) => {
    const v = Float64Array.from(x)
    const [image, beta] = reflectionOf(v, 0, 3)
    const y = Float64Array.from(x)
    reflect(y, 0, beta, v, 0, 3)
    expect(Math.abs(image)).toBeCloseTo(Math.hypot(...x), 14)
    expect([y[0] - image, y[1], y[2]].every(rest => Math.abs(rest) < 1e-14)).toBe(true)
  })

  it('keep lengths and undo themselves', () => {
    const v = randomMatrix(1, 1, 7)
    const [, beta] = reflectionOf(v, 2, 7)
    const x = randomMatrix(2, 1, 7)
    const y = x.slice()
    reflect(y, 2, beta, v, 2, 5)
    expect(inner(y, 0, y, 0, 7)).toBeCloseTo(inner(x, 0, x, 0, 7), 14)
    expect([...y.subarray(0, 2)]).toEqual([...x.subarray(0, 2)])
    reflect(y, 2, beta, v, 2, 5)
    y.forEach((value, i) => {
      expect(value).toBeCloseTo(x[i], 14)
    })
  })

  it('of zero change nothing', () => {
    const v = new Float64Array(3)
    expect(reflectionOf(v, 0, 3)).toEqual([0, 0])
    const x = Float64Array.of(1, 2, 3)
    reflect(x, 0, 0, v, 0, 3)
    expect([...x]).toEqual([1, 2, 3])
  })
})
