import { describe, expect, test } from 'vitest'
import { allPairs, binaryResults, worstBinary } from './__fixtures__/accuracy.ts'
import { signedSpecials, words } from './__fixtures__/floats.ts'

const infinity = Number.POSITIVE_INFINITY

describe.each(['floorDivide', 'remainder', 'fmod'] as const)('%s', f => {
  test('is exact for any two floats', () => {
    const a = new Float32Array(words(20000, 3).buffer)
    const b = new Float32Array(words(20000, 4).buffer)
    expect(worstBinary(f, a, b, false)).toEqual({ error: 0, at: [] })
  })

  test('is exact for floats of similar size', () => {
    const a = Float32Array.from(words(20000, 5), word => (word / 2 ** 31 - 1) * 1e4)
    const b = Float32Array.from(words(20000, 6), word => word / 2 ** 31 - 1)
    expect(worstBinary(f, a, b, false)).toEqual({ error: 0, at: [] })
  })

  test('is exact for all pairs of special values', () => {
    const x = signedSpecials()
    expect(worstBinary(f, ...allPairs(x, x), false)).toEqual({ error: 0, at: [] })
  })
})

test('quotients that float32 would round up to a whole number', () => {
  const a = Float32Array.of(3, 3, 1)
  const b = Float32Array.of(0.33333334, -0.33333334, 0.1)
  expect(Math.floor(Math.fround(a[0] / b[0]))).toBe(9)
  expect(binaryResults('floorDivide', a, b)).toEqual(Float32Array.of(8, -9, 9))
})

test('signs of remainders', () => {
  const a = Float32Array.of(7, -7, 7, -7, 6, -6, -1, 5)
  const b = Float32Array.of(3, 3, -3, -3, -3, 3, infinity, -infinity)
  expect([...binaryResults('remainder', a, b)]).toEqual([1, 2, -2, -1, -0, 0, infinity, -infinity])
  expect([...binaryResults('fmod', a, b)]).toEqual([1, -1, 1, -1, 0, -0, -1, 5])
})

test('far quotients leave what exact arithmetic leaves', () => {
  const a = Float32Array.of(1e30, 3.4e38, 123456789, -1e20)
  const b = Float32Array.of(3, 1e-40, 0.001, 7)
  expect(binaryResults('fmod', a, b)).toEqual(a.map((x, i) => x % b[i]))
})

test('nothing is left by a divisor of zero', () => {
  const a = Float32Array.of(1, 0, infinity)
  const b = Float32Array.of(0, 0, 2)
  expect([...binaryResults('fmod', a, b)]).toEqual([Number.NaN, Number.NaN, Number.NaN])
  expect([...binaryResults('floorDivide', a, b)]).toEqual([infinity, Number.NaN, infinity])
})
