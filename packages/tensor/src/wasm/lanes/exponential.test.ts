import { describe, expect, test } from 'vitest'
import { unaryResults, worstUnary } from './__fixtures__/accuracy.ts'
import { floatsBetween, floatsOfAllExponents } from './__fixtures__/floats.ts'

const everywhere = floatsOfAllExponents()

describe.each([
  ['plain', false],
  ['relaxed', true],
])('with %s arithmetic', (_, relaxed) => {
  test.each([
    ['exp', 1.2],
    ['exp2', 1.3],
    ['expm1', 2],
    ['sigmoid', 2.5],
  ] as const)('%s is within %d ulp at floats of all sizes', (f, bound) => {
    expect(worstUnary(f, everywhere, relaxed)).toSatisfy(worst => worst.error <= bound)
  })

  test.each([
    ['exp', -104.5, 89, 1.2],
    ['exp2', -150, 128, 1.3],
    ['expm1', -2, 2, 2],
    ['expm1', -30, 89, 2],
    ['sigmoid', -104.5, 20, 2.5],
  ] as const)('%s is as good from %d to %d', (f, low, high, bound) => {
    expect(worstUnary(f, floatsBetween(low, high), relaxed)).toSatisfy(worst => worst.error <= bound)
  })

  test('subnormal results are off by one unit at most', () => {
    expect(worstUnary('exp', floatsBetween(-103.9, -95), relaxed).error).toBeLessThan(0.51)
    expect(worstUnary('exp2', floatsBetween(-149.9, -138), relaxed).error).toBeLessThan(0.51)
  })

  test('powers of two with whole exponents are exact', () => {
    const x = Float32Array.from({ length: 280 }, (_, i) => i - 151)
    expect(unaryResults('exp2', x, relaxed)).toEqual(x.map(n => 2 ** n))
  })

  test('ends of the range', () => {
    const infinity = Number.POSITIVE_INFINITY
    const x = Float32Array.of(infinity, -infinity, 0, -0, 1e30, -1e30)
    expect([...unaryResults('exp', x, relaxed)]).toEqual([infinity, 0, 1, 1, infinity, 0])
    expect([...unaryResults('exp2', x, relaxed)]).toEqual([infinity, 0, 1, 1, infinity, 0])
    expect([...unaryResults('expm1', x, relaxed)]).toEqual([infinity, -1, 0, -0, infinity, -1])
    expect([...unaryResults('sigmoid', x, relaxed)]).toEqual([1, 0, 0.5, 0.5, 1, 0])
  })

  test('sigmoids of opposite numbers add up to 1', () => {
    const x = floatsBetween(0, 20, 1000)
    const right = unaryResults('sigmoid', x, relaxed)
    const left = unaryResults(
      'sigmoid',
      x.map(value => -value),
      relaxed,
    )
    expect(right.every((value, i) => Math.abs(value + left[i] - 1) < 1.8e-7)).toBe(true)
  })
})
