import { describe, expect, test } from 'vitest'
import { unaryResults, worstUnary } from './__fixtures__/accuracy.ts'
import { floatsBetween, floatsOfAllExponents } from './__fixtures__/floats.ts'

describe.each([
  ['plain', false, 4.5],
  ['relaxed', true, 4],
])('tanh with %s arithmetic', (_, relaxed, bound) => {
  test('is within some ulp at floats of all sizes', () => {
    expect(worstUnary('tanh', floatsOfAllExponents(), relaxed)).toSatisfy(worst => worst.error <= bound)
  })

  test.each([
    [-0.1, 0.1],
    [0.12, 0.13],
    [0.5, 0.7],
    [0.69, 2],
    [-9.5, 9.5],
  ])('is as good from %d to %d', (low, high) => {
    expect(worstUnary('tanh', floatsBetween(low, high, 20000), relaxed)).toSatisfy(worst => worst.error <= bound)
  })

  test('is exactly 1 from 9 on and never beyond', () => {
    expect(unaryResults('tanh', Float32Array.of(9, 9.1, 20, 1e30, -9, -1e30), relaxed)).toEqual(
      Float32Array.of(1, 1, 1, 1, -1, -1),
    )
    expect(unaryResults('tanh', floatsBetween(5, 9, 50000), relaxed).every(y => y <= 1)).toBe(true)
  })

  test('keeps the sign of zero and NaN', () => {
    expect([...unaryResults('tanh', Float32Array.of(0, -0, Number.NaN), relaxed)]).toEqual([0, -0, Number.NaN])
  })

  test('is odd', () => {
    const x = floatsBetween(0, 10, 5000)
    const negated = x.map(value => -value)
    expect(unaryResults('tanh', negated, relaxed)).toEqual(unaryResults('tanh', x, relaxed).map(y => -y))
  })
})
