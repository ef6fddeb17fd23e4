import { expect, test } from 'vitest'
import { roundToHalf } from '../../dtype.ts'
import { floatFromHalf, halfFromFloat } from '../half.ts'
import { floatsOfAllExponents, words } from './__fixtures__/floats.ts'
import { runLanes } from './__fixtures__/run-lanes.ts'
import { floatsToHalves, halvesToFloats, roundToHalves } from './half.ts'

const allHalves = Int32Array.from({ length: 65536 }, (_, i) => i)
const allFloats = Float32Array.from(allHalves, floatFromHalf)

const toFloats = (bits: Int32Array) =>
  runLanes([{ dtype: 'int32', data: bits }], 'float32', (code, [x], out) => halvesToFloats(code, x, out))

const toHalves = (values: Float32Array) =>
  runLanes([{ dtype: 'float32', data: values }], 'int32', (code, [x], out) => floatsToHalves(code, x, out))

const rounded = (values: Float32Array) =>
  runLanes([{ dtype: 'float32', data: values }], 'float32', (code, [x], out) => roundToHalves(code, x, out))

test('all 65,536 halves become the floats they stand for', () => {
  expect(toFloats(allHalves)).toEqual(allFloats)
})

test('higher bits of the lane do not matter', () => {
  expect(toFloats(allHalves.map(bits => bits | 0x7ab30000))).toEqual(allFloats)
})

test('all halves come back from their floats', () => {
  const expected = allHalves.map(bits => ((bits & 0x7fff) > 0x7c00 ? 0x7e00 : bits))
  const results = toHalves(allFloats).map((bits, i) => (Number.isNaN(allFloats[i]) ? bits & 0x7e00 : bits))
  expect(results).toEqual(expected)
})

test('floats of all exponents are rounded to the nearest half', () => {
  const x = floatsOfAllExponents()
  const expected = x.map(roundToHalf)
  expect(rounded(x)).toEqual(expected)
  const bits = toHalves(x)
  const wrong = x.findIndex((value, i) => !Number.isNaN(value) && bits[i] !== halfFromFloat(expected[i]))
  expect(wrong).toBe(-1)
})

test('floats in the range of halves are rounded to the nearest half, ties to even', () => {
  const random = Float32Array.from(words(30000), word => (word % 2 ? -1 : 1) * 2 ** ((word >>> 8) / 2 ** 19 - 26))
  const ties = allFloats.filter(Number.isFinite).map((x, i, all) => (x + all[Math.min(i + 1, all.length - 1)]) / 2)
  for (const x of [random, ties]) expect(rounded(x)).toEqual(x.map(roundToHalf))
})

test('the border of infinity and of zero', () => {
  const infinity = Number.POSITIVE_INFINITY
  const x = Float32Array.of(65504, 65519.996, 65520, -65520, 1e30, infinity, -infinity, 2 ** -25, 2 ** -24, -(2 ** -26))
  expect([...rounded(x)]).toEqual([
    ...[65504, 65504, infinity, -infinity, infinity, infinity, -infinity, 0, 2 ** -24, -0],
  ])
  expect([...rounded(Float32Array.of(Number.NaN, 2 ** -25 * 1.0001))]).toEqual([Number.NaN, 2 ** -24])
})
