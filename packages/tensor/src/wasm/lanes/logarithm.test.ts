import { describe, expect, test } from 'vitest'
import { unaryResults, worstUnary } from './__fixtures__/accuracy.ts'
import { floatsBetween, floatsOfAllExponents } from './__fixtures__/floats.ts'

const everywhere = floatsOfAllExponents()
const infinity = Number.POSITIVE_INFINITY

describe.each([
  ['plain', false],
  ['relaxed', true],
])('with %s arithmetic', (_, relaxed) => {
  test.each([
    ['log', 1],
    ['log1p', 1.6],
    ['softplus', 4],
  ] as const)('%s is within %d ulp at floats of all sizes', (f, bound) => {
    expect(worstUnary(f, everywhere, relaxed)).toSatisfy(worst => worst.error <= bound)
  })

  test.each([
    ['log', 0.4, 3, 1],
    ['log', 0, 1e-37, 1],
    ['log1p', -0.99999, -0.5, 1.6],
    ['log1p', -0.5, 2, 1.6],
    ['log1p', 2, 5e7, 1.6],
    ['softplus', -104, 10, 4],
  ] as const)('%s is as good from %d to %d', (f, low, high, bound) => {
    expect(worstUnary(f, floatsBetween(low, high), relaxed)).toSatisfy(worst => worst.error <= bound)
  })

  test('log has no number for negative ones and none that is finite at the ends', () => {
    const x = Float32Array.of(0, -0, -(2 ** -149), -1, -infinity, infinity, Number.NaN, 1)
    expect([...unaryResults('log', x, relaxed)]).toEqual([
      ...[-infinity, -infinity, Number.NaN, Number.NaN, Number.NaN, infinity, Number.NaN, 0],
    ])
  })

  test('log of subnormal numbers', () => {
    const x = Float32Array.from({ length: 149 }, (_, i) => 2 ** -i)
    expect(worstUnary('log', x, relaxed).error).toBeLessThan(0.6)
  })

  test('log1p at the ends', () => {
    const x = Float32Array.of(-1, -1.0000001, -2, -infinity, infinity, 3.4e38, Number.NaN, -0)
    expect([...unaryResults('log1p', x, relaxed)]).toEqual([
      ...[-infinity, Number.NaN, Number.NaN, Number.NaN, infinity, Math.fround(Math.log(3.4e38)), Number.NaN, -0],
    ])
  })

  test('log1p of small numbers is the number', () => {
    const x = Float32Array.from({ length: 120 }, (_, i) => (i % 2 ? -1 : 1) * 2 ** (-26 - i))
    expect(unaryResults('log1p', x, relaxed)).toEqual(x)
  })

  test('softplus at the ends', () => {
    const x = Float32Array.of(infinity, -infinity, 1e30, -1e30, Number.NaN, 0)
    expect([...unaryResults('softplus', x, relaxed)]).toEqual([
      ...[infinity, 0, Math.fround(1e30), 0, Number.NaN, Math.fround(Math.LN2)],
    ])
  })
})
