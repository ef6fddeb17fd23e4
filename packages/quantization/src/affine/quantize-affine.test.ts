import { gradients, normal, type Tensor, tensor } from '@surprisal/tensor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chooseQParams } from './choose-qparams.ts'
import { dequantizeAffine } from './dequantize-affine.ts'
import { type QuantizeAffineOptions, quantizeAffine } from './quantize-affine.ts'

const numbers = (shape: number[], seed = 1): Tensor => tensor(normal(seed, shape).dataSync(), { shape })
const values = (x: Tensor): number[] => Array.from(x.dataSync(), value => value + 0)

const granularities: [QuantizeAffineOptions, number[]][] = [
  [{ granularity: 'tensor' }, []],
  [{ granularity: 'channel' }, [2]],
  [{ granularity: 'channel', axis: 1 }, [3]],
  [{ granularity: 'channel', axis: -1 }, [4]],
  [{ granularity: 'token' }, [2, 3]],
  [{ granularity: 'group', groupSize: 2 }, [2, 3, 2]],
]

describe('quantizeAffine', () => {
  it('rounds to evenly spaced numbers, half to even', () => {
    const { codes, scale, zeroPoint, dequantized } = quantizeAffine(tensor([-3, 0.5, 1.5, 2.6, 12]), { bits: 4 })
    expect(values(codes)).toEqual([0, 3, 5, 6, 15])
    expect([scale.itemSync(), zeroPoint.itemSync()]).toEqual([1, 3])
    expect(values(dequantized)).toEqual([-3, 0, 2, 3, 12])
  })

  it('gives symmetric int8 with one scale a vector', () => {
    const { codes, scale, zeroPoint } = quantizeAffine(
      tensor([
        [254, -2, 1],
        [0, 0, 0],
      ]),
      {
        scheme: 'symmetric',
        granularity: 'token',
      },
    )
    expect([values(codes), values(scale), values(zeroPoint)]).toEqual([
      [127, -1, 0, 0, 0, 0],
      [2, 1],
      [0, 0],
    ])
    expect(values(codes.cast('int8'))).toEqual(values(codes))
  })

  it('reaches the lowest code only when the range is not narrow and the scale is coarse', () => {
    const options = { bits: 3, scheme: 'symmetric' } as const
    const smallest = 2 ** -149
    const subnormal = tensor([-4 * smallest, 3 * smallest])
    expect(values(quantizeAffine(subnormal, options).codes)).toEqual([-3, 3])
    expect(values(quantizeAffine(subnormal, { ...options, narrowRange: false }).codes)).toEqual([-4, 3])
    expect(values(quantizeAffine(tensor([-1, 1]), { ...options, narrowRange: false }).codes)).toEqual([-3, 3])
  })

  it.each(granularities)('has one scale a block: %o', (options, shape) => {
    const x = numbers([2, 3, 4])
    for (const scheme of ['affine', 'symmetric'] as const) {
      const got = quantizeAffine(x, { ...options, scheme, bits: 5 })
      expect([got.codes.shape, got.scale.shape, got.zeroPoint.shape]).toEqual([[2, 3, 4], shape, shape])
      expect([got.codes.dtype, got.zeroPoint.dtype, got.scale.dtype]).toEqual(['int32', 'int32', 'float32'])
      const again = dequantizeAffine(got.codes, got.scale, got.zeroPoint, options)
      expect(values(again)).toEqual(values(got.dequantized))
    }
  })

  it('quantizes every channel as if it were alone', () => {
    const x = numbers([3, 5])
    const { codes, scale } = quantizeAffine(x, { granularity: 'channel', axis: 1, bits: 3 })
    for (let channel = 0; channel < 5; channel++) {
      const alone = quantizeAffine(x.select(1, channel), { bits: 3 })
      expect(values(codes.select(1, channel))).toEqual(values(alone.codes))
      expect(values(scale)[channel]).toBe(alone.scale.itemSync())
    }
  })

  it('errs by at most half a step, and not at all on its own grid', () => {
    const list = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(
        list,
        fc.integer({ min: 2, max: 8 }),
        fc.constantFrom('affine', 'symmetric'),
        (data, bits, scheme) => {
          const options = { bits, scheme: scheme as 'affine' }
          const { dequantized, scale } = quantizeAffine(tensor(data), options)
          const step = scale.itemSync() as number
          const near = values(dequantized)
          // The zero point is rounded as well, so that an end may be cut by another half step.
          near.forEach((value, i) => {
            expect(Math.abs(value - data[i])).toBeLessThanOrEqual(step * (scheme === 'affine' ? 1.001 : 0.501) + 1e-5)
          })
        },
      ),
      { numRuns: 60, seed: 10 },
    )
  })

  it('agrees with chooseQParams', () => {
    const x = numbers([10])
    const data = values(x)
    const { scale, zeroPoint } = quantizeAffine(x)
    const expected = chooseQParams(Math.min(...data), Math.max(...data))
    expect({ scale: scale.itemSync(), zeroPoint: zeroPoint.itemSync() }).toEqual(expected)
  })

  it('passes no gradient', () => {
    const x = numbers([4])
    expect(gradients(quantizeAffine(x).dequantized.sum(), [x], { allowUnused: true })).toEqual([null])
  })

  it('takes a scalar and halves', () => {
    expect(quantizeAffine(tensor(3), { bits: 2 }).dequantized.itemSync()).toBe(3)
    expect(values(quantizeAffine(tensor([1, -1], { dtype: 'float16' }), { scheme: 'symmetric' }).codes)).toEqual([
      127, -127,
    ])
  })

  it('refuses what it cannot use, and says what it got', () => {
    const x = numbers([2, 6])
    const bad = quantizeAffine(tensor([1, Number.NaN]))
    expect(() => bad.codes.dataSync()).toThrow('quantizeAffine: x must not hold non-finite values, got NaN at index 1')
    expect(() => quantizeAffine(x, { granularity: 'group', groupSize: 4 })).toThrow(
      'quantizeAffine: groupSize must divide the last dim of x [2, 6], got 4',
    )
    expect(() => quantizeAffine(x, { granularity: 'group' })).toThrow(
      'groupSize must divide the last dim of x [2, 6], got undefined',
    )
    expect(() => quantizeAffine(x, { granularity: 'channel', axis: 2 })).toThrow(
      'axis must be an integer in [-2, 1], got 2',
    )
    expect(() => quantizeAffine(x, { granularity: 'row' as 'token' })).toThrow(
      "granularity must be tensor|channel|token|group, got 'row'",
    )
    expect(() => quantizeAffine(tensor(1), { granularity: 'token' })).toThrow(
      "x must have at least one dim for granularity 'token', got shape []",
    )
    expect(() => quantizeAffine(x, { bits: 16 })).toThrow('quantizeAffine: bits must be an integer in 1..8, got 16')
    expect(() => quantizeAffine(tensor([]))).toThrow('quantizeAffine: x must not be empty, got shape [0]')
    expect(() => quantizeAffine(x.cast('int32'))).toThrow('quantizeAffine: x must be float, got int32')
  })
})
