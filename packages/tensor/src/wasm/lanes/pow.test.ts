import { expect, test } from 'vitest'
import { allPairs, binaryResults, worstBinary } from './__fixtures__/accuracy.ts'
import { floatsBetween, floatsOfAllExponents, signedSpecials, words } from './__fixtures__/floats.ts'

test('is rounded correctly but for near ties', () => {
  const a = floatsOfAllExponents(16)
  const b = Float32Array.from(words(a.length, 7), word => (word / 2 ** 32) * 8 - 4)
  expect(worstBinary('pow', a, b, false)).toSatisfy(worst => worst.error <= 0.51)
  const near = floatsBetween(0.9, 1.1, 4000)
  const far = floatsBetween(-900, 900, 4000)
  expect(worstBinary('pow', near, far, false)).toSatisfy(worst => worst.error <= 0.51)
})

test('whole powers of whole numbers are exact', () => {
  const bases = Float32Array.from({ length: 81 }, (_, i) => i - 40)
  const exponents = Float32Array.from({ length: 5 }, (_, i) => i)
  const [a, b] = allPairs(bases, exponents)
  expect(binaryResults('pow', a, b)).toEqual(a.map((x, i) => x ** b[i]))
})

test('follows the rules of IEEE 754 at all pairs of special values', () => {
  const x = signedSpecials()
  const exponents = Float32Array.of(...x, -3, -2, -1, -0.5, 0.5, 1, 2, 3, 4, 5, 2 ** 24 + 2, 2 ** 23 + 1)
  expect(worstBinary('pow', ...allPairs(x, exponents), false)).toSatisfy(worst => worst.error <= 0.51)
})

test('signs and numbers that are none', () => {
  const infinity = Number.POSITIVE_INFINITY
  const a = Float32Array.of(-2, -2, -2, -0, -0, -0, -infinity, -infinity, -1, 1, Number.NaN, 0)
  const b = Float32Array.of(3, 2, 0.5, 3, -3, -2, -3, 0.5, infinity, Number.NaN, 0, -0.5)
  expect([...binaryResults('pow', a, b)]).toEqual([
    ...[-8, 4, Number.NaN, -0, -infinity, infinity, -0, infinity, 1, 1, 1, infinity],
  ])
})

test('tiny powers of zero and infinity are zero and infinite', () => {
  const infinity = Number.POSITIVE_INFINITY
  const a = Float32Array.of(0, 0, infinity, infinity)
  const b = Float32Array.of(1e-45, -1e-45, 1e-45, -1e-45)
  expect([...binaryResults('pow', a, b)]).toEqual([0, infinity, infinity, 0])
})
