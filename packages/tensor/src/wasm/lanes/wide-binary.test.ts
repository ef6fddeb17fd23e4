import { describe, expect, test } from 'vitest'
import { logaddexp } from '../../reference/binary-functions.ts'
import { allPairs, binaryResults, worstBinary } from './__fixtures__/accuracy.ts'
import { floatsBetween, floatsOfAllExponents, signedSpecials } from './__fixtures__/floats.ts'

const infinity = Number.POSITIVE_INFINITY

describe('hypot', () => {
  test('is the float64 function rounded once, far from overflow and close to it', () => {
    const a = floatsOfAllExponents(16)
    const b = a.map((x, i) => x * (0.1 + (i % 20)))
    expect(worstBinary('hypot', a, b, false)).toEqual({ error: 0, at: [] })
  })

  test('is infinite beside an infinity, even for NaN', () => {
    const a = Float32Array.of(infinity, Number.NaN, -infinity, 1, Number.NaN)
    const b = Float32Array.of(Number.NaN, -infinity, 1, infinity, 1)
    expect([...binaryResults('hypot', a, b)]).toEqual([infinity, infinity, infinity, infinity, Number.NaN])
  })
})

describe('logaddexp', () => {
  test('is within 2e-7 of the larger operand or of 1', () => {
    const [a, b] = allPairs(floatsBetween(-20, 20, 100), floatsBetween(-30, 30, 101))
    const y = binaryResults('logaddexp', a, b)
    expect(
      y.every((value, i) => {
        const scale = Math.max(1, Math.abs(a[i]), Math.abs(b[i]))
        return Math.abs(value - logaddexp(a[i], b[i])) < 2e-7 * scale
      }),
    ).toBe(true)
  })

  test('is symmetric', () => {
    const [a, b] = allPairs(floatsBetween(-3, 3, 40), floatsBetween(-9, 9, 40))
    expect(binaryResults('logaddexp', a, b)).toEqual(binaryResults('logaddexp', b, a))
  })

  test('agrees with the definition at all pairs of special values', () => {
    const x = signedSpecials().filter(value => !(Math.abs(value) < 4 && Math.abs(value) > 0.1))
    expect(worstBinary('logaddexp', ...allPairs(x, x), false)).toSatisfy(worst => worst.error <= 2)
  })

  test('of equal infinities is that infinity', () => {
    const a = Float32Array.of(infinity, -infinity, infinity, Number.NaN)
    const b = Float32Array.of(infinity, -infinity, -infinity, -infinity)
    expect([...binaryResults('logaddexp', a, b)]).toEqual([infinity, -infinity, infinity, Number.NaN])
  })
})
