import { expect, test } from 'vitest'
import { allPairs, unaryResults, worstBinary, worstUnary } from './__fixtures__/accuracy.ts'
import { floatsBetween, floatsOfAllExponents, signedSpecials } from './__fixtures__/floats.ts'

test.each(['tan', 'asin', 'acos', 'atan', 'sinh', 'cosh', 'asinh', 'acosh', 'atanh'] as const)(
  '%s is the float64 function rounded once',
  f => {
    expect(worstUnary(f, floatsOfAllExponents(4), false)).toEqual({ error: 0, at: [] })
    expect(worstUnary(f, floatsBetween(-2, 2, 1000), false)).toEqual({ error: 0, at: [] })
  },
)

test('atan2 is the float64 function rounded once, at all pairs of special values', () => {
  const x = signedSpecials()
  expect(worstBinary('atan2', ...allPairs(x, x), false)).toEqual({ error: 0, at: [] })
})

test('each lane gets the result of its own argument', () => {
  expect(unaryResults('atan', Float32Array.of(0, 1, -1, 2, 3))).toEqual(
    Float32Array.of(0, Math.PI / 4, -Math.PI / 4, Math.atan(2), Math.atan(3)),
  )
})
