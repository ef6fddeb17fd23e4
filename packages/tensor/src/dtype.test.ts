import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DType, dtypes, hostArray, isFloat, isInteger, promote, roundToHalf } from './dtype.ts'

describe('promote', () => {
  it('takes the larger of two dtypes', () => {
    expect(promote('bool', 'uint8')).toBe('uint8')
    expect(promote('int8', 'int32')).toBe('int32')
    expect(promote('int32', 'float16')).toBe('float16')
    expect(promote('float16', 'float32')).toBe('float32')
  })

  it('makes int32 of uint8 with int8', () => {
    expect(promote('uint8', 'int8')).toBe('int32')
  })

  it('is commutative, associative but for mixed signs, and idempotent', () => {
    const any = fc.constantFrom(...dtypes)
    fc.assert(
      fc.property(any, any, (a: DType, b: DType) => promote(a, b) === promote(b, a) && promote(a, a) === a),
      { seed: 1 },
    )
  })
})

describe('hostArray', () => {
  it('has the array type of each dtype', () => {
    expect(dtypes.map(dtype => hostArray(dtype, 2).constructor.name)).toEqual([
      'Float32Array',
      'Float32Array',
      'Int32Array',
      'Uint8Array',
      'Int8Array',
      'Uint8Array',
    ])
  })

  it('tells floats and integers apart', () => {
    expect(dtypes.filter(isFloat)).toEqual(['float32', 'float16'])
    expect(dtypes.filter(isInteger)).toEqual(['int32', 'uint8', 'int8'])
  })
})

describe('roundToHalf', () => {
  it('rounds ties to even', () => {
    expect(roundToHalf(2049)).toBe(2048)
    expect(roundToHalf(2051)).toBe(2052)
    expect(roundToHalf(1 + 2 ** -11)).toBe(1)
  })

  it('overflows from 65520 on and keeps subnormals', () => {
    expect(roundToHalf(65519)).toBe(65504)
    expect(roundToHalf(65520)).toBe(Number.POSITIVE_INFINITY)
    expect(roundToHalf(-70000)).toBe(Number.NEGATIVE_INFINITY)
    expect(roundToHalf(2 ** -24)).toBe(2 ** -24)
    expect(roundToHalf(2 ** -25)).toBe(0)
  })

  it('keeps NaN and the sign of zero', () => {
    expect(roundToHalf(Number.NaN)).toBeNaN()
    expect(Object.is(roundToHalf(-0), -0)).toBe(true)
    expect(Object.is(roundToHalf(-(2 ** -26)), -0)).toBe(true)
  })

  it('gives the nearest half: no neighbour is closer', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, min: -65000, max: 65000 }), x => {
        const half = roundToHalf(x)
        const unit = 2 ** (Math.max(-14, Math.floor(Math.log2(Math.abs(x) || 2 ** -20))) - 10)
        return Math.abs(half - x) <= unit / 2 && roundToHalf(half) === half
      }),
      { seed: 2 },
    )
  })
})
