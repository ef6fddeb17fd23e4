import { describe, expect, test } from 'vitest'
import { unaryResults, worstUnary } from './__fixtures__/accuracy.ts'
import { floatsBetween, floatsOfAllExponents } from './__fixtures__/floats.ts'

describe.each([
  ['plain', false],
  ['relaxed', true],
])('with %s arithmetic', (_, relaxed) => {
  describe.each(['sin', 'cos'] as const)('%s', f => {
    test('is within 2 ulp at floats of all sizes', () => {
      expect(worstUnary(f, floatsOfAllExponents(), relaxed)).toSatisfy(worst => worst.error <= 2)
    })

    test.each([
      [-8, 8],
      [-8192, 8192],
    ])('is as good from %d to %d', (low, high) => {
      expect(worstUnary(f, floatsBetween(low, high, 20001), relaxed)).toSatisfy(worst => worst.error <= 2)
    })

    test('is as good where it is nearly zero', () => {
      const x = Float32Array.from({ length: 5215 }, (_, k) => (k * Math.PI) / 2)
      expect(worstUnary(f, x, relaxed)).toSatisfy(worst => worst.error <= 2)
    })

    test('beyond 8192 is what float64 gives, rounded, and has no influence on its neighbours', () => {
      const near = floatsBetween(-300, 300, 4096)
      const far = Float32Array.from({ length: 4096 }, (_, i) => 8193 * 1.02 ** i)
      const mixed = near.map((x, i) => (i % 3 === 0 ? x : far[i]))
      const alone = unaryResults(f, near, relaxed)
      const results = unaryResults(f, mixed, relaxed)
      expect(results).toEqual(mixed.map((x, i) => (i % 3 === 0 ? alone[i] : Math[f](x))))
    })
  })
})

test('sin keeps the sign of zero; infinities have no sine or cosine', () => {
  const infinity = Number.POSITIVE_INFINITY
  const x = Float32Array.of(0, -0, infinity, -infinity, Number.NaN)
  expect([...unaryResults('sin', x)]).toEqual([0, -0, Number.NaN, Number.NaN, Number.NaN])
  expect([...unaryResults('cos', x)]).toEqual([1, 1, Number.NaN, Number.NaN, Number.NaN])
})
