import { type Tensor, tensor } from '@surprisal/tensor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chooseQParams } from './choose-qparams.ts'

const values = (x: Tensor): number[] => Array.from(x.dataSync(), value => value + 0)

describe('chooseQParams', () => {
  it('spreads affine codes over the range', () => {
    expect(chooseQParams(-1, 4.1, { bits: 8 })).toEqual({ scale: expect.closeTo(0.02, 7), zeroPoint: 50 })
    expect(chooseQParams(-3, 12, { bits: 4, scheme: 'affine' })).toEqual({ scale: 1, zeroPoint: 3 })
  })

  it('extends the range to zero', () => {
    expect(chooseQParams(5, 30, { bits: 4 })).toEqual({ scale: 2, zeroPoint: 0 })
    expect(chooseQParams(-30, -5, { bits: 4 })).toEqual({ scale: 2, zeroPoint: 15 })
  })

  it('centres symmetric codes on zero', () => {
    expect(chooseQParams(-254, 100, { scheme: 'symmetric' })).toEqual({ scale: 2, zeroPoint: 0 })
    expect(chooseQParams(1, 7, { scheme: 'symmetric', bits: 4 })).toEqual({ scale: 1, zeroPoint: 0 })
  })

  it('has scale 1 for nothing', () => {
    expect(chooseQParams(0, 0)).toEqual({ scale: 1, zeroPoint: 0 })
    expect(chooseQParams(0, 0, { scheme: 'symmetric' })).toEqual({ scale: 1, zeroPoint: 0 })
    expect(chooseQParams(0, 1e-45)).toEqual({ scale: 1, zeroPoint: 0 })
  })

  it('rounds the zero point half to even and does not overflow', () => {
    expect(chooseQParams(-1, 1, { bits: 1 })).toEqual({ scale: 2, zeroPoint: 0 })
    expect(chooseQParams(-3e38, 3e38)).toEqual({ scale: expect.closeTo(6e38 / 255, -32), zeroPoint: 128 })
  })

  it('always represents zero and both ends', () => {
    const end = fc.double({ min: -1e3, max: 1e3, noNaN: true })
    fc.assert(
      fc.property(end, end, fc.integer({ min: 2, max: 8 }), (a, b, bits) => {
        const [min, max] = [Math.min(a, b), Math.max(a, b)]
        const { scale, zeroPoint } = chooseQParams(min, max, { bits })
        expect(Number.isInteger(zeroPoint) && zeroPoint >= 0 && zeroPoint < 2 ** bits).toBe(true)
        expect(-zeroPoint * scale).toBeLessThan(Math.min(min, 0) + 0.51 * scale + 1e-6)
        expect((2 ** bits - 1 - zeroPoint) * scale).toBeGreaterThan(Math.max(max, 0) - 0.51 * scale - 1e-6)
      }),
      { numRuns: 60, seed: 9 },
    )
  })

  it('takes tensors of ranges', () => {
    const { scale, zeroPoint } = chooseQParams(tensor([-3, 0, 5]), tensor([12, 0, 30]), { bits: 4 })
    expect([values(scale), values(zeroPoint), zeroPoint.dtype]).toEqual([[1, 1, 2], [3, 0, 0], 'int32'])
    expect(chooseQParams(tensor(-3), 12 as never, { bits: 4 }).scale.shape).toEqual([])
  })

  it('refuses what is no range, and says what it got', () => {
    expect(() => chooseQParams(2, 1)).toThrow('chooseQParams: min must not exceed max, got 2 and 1')
    expect(() => chooseQParams(Number.NaN, 1)).toThrow('chooseQParams: min must not be non-finite, got NaN')
    expect(() => chooseQParams(0, Number.POSITIVE_INFINITY)).toThrow(
      'chooseQParams: max must not be non-finite, got Infinity',
    )
    expect(() => chooseQParams(tensor([0, 2]), tensor([1, 1])).scale.dataSync()).toThrow(
      'min must not exceed max, got 2 and 1',
    )
    expect(() => chooseQParams(tensor([0]), tensor([1, 2]))).toThrow(
      'chooseQParams: max must have the shape of min, got [2] for [1]',
    )
    for (const bits of [0, 9, 2.5])
      expect(() => chooseQParams(0, 1, { bits })).toThrow(`chooseQParams: bits must be an integer in 1..8, got ${bits}`)
    expect(() => chooseQParams(0, 1, { bits: 1, scheme: 'symmetric' })).toThrow(
      'bits must be at least 2 for the symmetric scheme, got 1',
    )
    expect(() => chooseQParams(0, 1, { scheme: 'log' as 'affine' })).toThrow(
      "scheme must be affine|symmetric, got 'log'",
    )
  })
})
