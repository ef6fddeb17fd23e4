import { normal, type Tensor, tensor } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { packBits } from '../packing/pack-bits.ts'
import { quantizeBinary } from './quantize-binary.ts'

const values = (x: Tensor): number[] => Array.from(x.dataSync(), value => value + 0)

describe('quantizeBinary', () => {
  const x = tensor([
    [1, -3, 0, -0],
    [0.5, 0.5, -1, 2],
  ])

  it('keeps signs, of which zero is positive, and the mean size', () => {
    const { codes, scale, dequantized } = quantizeBinary(x)
    expect([codes.dtype, values(codes)]).toEqual(['int32', [1, -1, 1, 1, 1, 1, -1, 1]])
    expect([scale.shape, values(scale)]).toEqual([
      [2, 1],
      [1, 1],
    ])
    expect(values(dequantized)).toEqual(values(codes))
  })

  it('has one scale a group', () => {
    const { scale, dequantized } = quantizeBinary(x, { groupSize: 2 })
    expect([scale.shape, values(scale)]).toEqual([
      [2, 2],
      [2, 0, 0.5, 1.5],
    ])
    expect(values(dequantized)).toEqual([2, -2, 0, 0, 0.5, 0.5, -1.5, 1.5])
    expect(quantizeBinary(tensor([1, 2, 3, 4]), { groupSize: 2 }).scale.shape).toEqual([2])
  })

  it('is the best approximation by signs of one size', () => {
    const row = tensor(normal(3, [16]).dataSync())
    const { codes, scale } = quantizeBinary(row)
    const error = (alpha: number) => row.sub(codes.mul(alpha)).square().sum().itemSync() as number
    const best = scale.itemSync() as number
    expect(error(best)).toBeLessThan(error(best * 1.02))
    expect(error(best)).toBeLessThan(error(best * 0.98))
  })

  it('is all plus and nothing of zeros', () => {
    const { codes, scale, dequantized } = quantizeBinary(tensor([0, 0]))
    expect([values(codes), values(scale), values(dequantized)]).toEqual([[1, 1], [0], [0, 0]])
  })

  it('packs into a bit a number', () => {
    expect(values(packBits(quantizeBinary(x).codes, { bits: 1, signed: true }))).toEqual([0b1101, 0b1011])
  })

  it('refuses what it cannot use, and says what it got', () => {
    expect(() => quantizeBinary(x, { groupSize: 3 })).toThrow(
      'quantizeBinary: groupSize must divide the last dim of x [2, 4], got 3',
    )
    expect(() => quantizeBinary(tensor(1))).toThrow(
      "quantizeBinary: x must have at least one dim for granularity 'group', got shape []",
    )
    expect(() => quantizeBinary(tensor([]))).toThrow('quantizeBinary: x must not be empty, got shape [0]')
    const infinite = quantizeBinary(tensor([1, Number.POSITIVE_INFINITY]))
    expect(() => infinite.scale.dataSync()).toThrow(
      'quantizeBinary: x must not hold non-finite values, got Infinity at index 1',
    )
  })
})
