import { expect, test } from 'vitest'
import { floatsOfAllExponents } from './__fixtures__/floats.ts'
import { runLanes } from './__fixtures__/run-lanes.ts'
import { splitAny } from './float-parts.ts'

/** Exponents, mantissas or the mark of rare numbers. */
function parts(data: Float32Array, which: 'exponent' | 'mantissa' | 'rare') {
  return runLanes([{ dtype: 'float32', data }], 'float32', (code, [x], out) => {
    const [exponent, mantissa, rare] = [code.local('v128'), code.local('v128'), code.local('i32')]
    splitAny(code, x, exponent, mantissa, rare)
    if (which === 'rare') code.get(rare).op('i32x4.splat').op('f32x4.convert_i32x4_s').set(out)
    else code.get(which === 'exponent' ? exponent : mantissa).set(out)
  })
}

const positive = floatsOfAllExponents().filter(x => x > 0 && Number.isFinite(x))

test('parts of positive numbers, subnormal ones too, make up the number', () => {
  const exponents = parts(positive, 'exponent')
  const mantissas = parts(positive, 'mantissa')
  expect(positive.map((_, i) => mantissas[i] * 2 ** exponents[i])).toEqual(positive)
})

test('mantissas lie around 1', () => {
  const mantissas = parts(positive, 'mantissa')
  expect(Math.min(...mantissas)).toBeGreaterThanOrEqual(Math.fround(Math.SQRT1_2))
  expect(Math.max(...mantissas)).toBeLessThanOrEqual(Math.fround(Math.SQRT2))
})

test.each([0, -0, -1, 1e-40, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN])('%d is rare', x => {
  expect([...parts(Float32Array.of(1, 2, x, 3), 'rare')]).toEqual([1, 1, 1, 1])
})

test('ordinary numbers are not', () => {
  expect([...parts(Float32Array.of(1, 2 ** -126, 3.4e38, 3), 'rare')]).toEqual([0, 0, 0, 0])
})
