import { expect, test } from 'vitest'
import { unaryResults, worstUnary } from './__fixtures__/accuracy.ts'
import { floatsBetween, floatsOfAllExponents } from './__fixtures__/floats.ts'

const infinity = Number.POSITIVE_INFINITY

test.each(['log2', 'log10'] as const)('%s is rounded correctly but for near ties', f => {
  expect(worstUnary(f, floatsOfAllExponents(), false)).toSatisfy(worst => worst.error <= 0.501)
  expect(worstUnary(f, floatsBetween(0.7, 1.4), false)).toSatisfy(worst => worst.error <= 0.501)
})

test('log2 of powers of two is exact', () => {
  const exponents = Float32Array.from({ length: 277 }, (_, i) => i - 149)
  expect(
    unaryResults(
      'log2',
      exponents.map(n => 2 ** n),
    ),
  ).toEqual(exponents)
})

test('log10 of powers of ten is exact', () => {
  const exponents = Float32Array.from({ length: 11 }, (_, i) => i)
  expect(
    unaryResults(
      'log10',
      exponents.map(n => 10 ** n),
    ),
  ).toEqual(exponents)
})

test('ends of the range', () => {
  const x = Float32Array.of(0, -0, -1, infinity, -infinity, Number.NaN)
  const expected = [-infinity, -infinity, Number.NaN, infinity, Number.NaN, Number.NaN]
  expect([...unaryResults('log2', x)]).toEqual(expected)
  expect([...unaryResults('log10', x)]).toEqual(expected)
})
