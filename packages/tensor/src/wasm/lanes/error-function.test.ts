import { describe, expect, test } from 'vitest'
import { unaryResults, worstUnary } from './__fixtures__/accuracy.ts'
import { floatsBetween, floatsOfAllExponents } from './__fixtures__/floats.ts'

describe.each([
  ['plain', false],
  ['relaxed', true],
])('with %s arithmetic', (_, relaxed) => {
  test.each([
    ['erf', 3],
    ['erfc', 1],
  ] as const)('%s is within %d ulp at floats of all sizes', (f, bound) => {
    expect(worstUnary(f, floatsOfAllExponents(), relaxed)).toSatisfy(worst => worst.error <= bound)
  })

  test.each([
    ['erf', -1.2, 1.2, 3],
    ['erf', 0.9, 4.2, 3],
    ['erfc', -6, 2, 1],
    ['erfc', 2, 10.5, 1],
  ] as const)('%s is as good from %d to %d', (f, low, high, bound) => {
    expect(worstUnary(f, floatsBetween(low, high, 20000), relaxed)).toSatisfy(worst => worst.error <= bound)
  })

  test('erf is 1 from 4 on, never beyond, and odd', () => {
    const x = floatsBetween(0, 6, 5000)
    const y = unaryResults('erf', x, relaxed)
    expect(y.every((value, i) => value <= 1 && (x[i] < 4 || value === 1))).toBe(true)
    expect(
      unaryResults(
        'erf',
        x.map(value => -value),
        relaxed,
      ),
    ).toEqual(y.map(value => -value))
  })

  test('ends of the range', () => {
    const infinity = Number.POSITIVE_INFINITY
    const x = Float32Array.of(infinity, -infinity, Number.NaN, -0, 1e30, -1e30)
    expect([...unaryResults('erf', x, relaxed)]).toEqual([1, -1, Number.NaN, -0, 1, -1])
    expect([...unaryResults('erfc', x, relaxed)]).toEqual([0, 2, Number.NaN, 1, 0, 2])
  })
})
