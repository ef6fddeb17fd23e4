import { type Tensor, tensor } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { dequantizeAffine } from './dequantize-affine.ts'

const codes = (data: number[], shape = [data.length]): Tensor => tensor(data, { shape, dtype: 'int32' })
const values = (x: Tensor): number[] => Array.from(x.dataSync(), value => value + 0)

describe('dequantizeAffine', () => {
  it('undoes scale and zero point', () => {
    expect(values(dequantizeAffine(codes([0, 3, 15]), 0.5, 3))).toEqual([-1.5, 0, 6])
    expect(values(dequantizeAffine(codes([0, 3, 15]), tensor(0.5), codes([3], [])))).toEqual([-1.5, 0, 6])
    expect(values(dequantizeAffine(codes([-2, 2]), tensor(3)))).toEqual([-6, 6])
  })

  it('finds the scale of every block', () => {
    const q = codes([1, 2, 3, 4, 5, 6, 7, 8], [2, 4])
    const scale = tensor([1, 10])
    expect(values(dequantizeAffine(q, scale, null, { granularity: 'channel' }))).toEqual([1, 2, 3, 4, 50, 60, 70, 80])
    expect(values(dequantizeAffine(q, scale, codes([1, 5]), { granularity: 'token' }))).toEqual([
      0, 1, 2, 3, 0, 10, 20, 30,
    ])
    const grouped = dequantizeAffine(
      q,
      tensor([
        [1, 10],
        [100, 1000],
      ]),
      null,
      { granularity: 'group', groupSize: 2 },
    )
    expect(values(grouped)).toEqual([1, 2, 30, 40, 500, 600, 7000, 8000])
    const columns = dequantizeAffine(q, tensor([1, 0.5, 2, 1]), tensor([0.5, 0, 0, 0]), {
      granularity: 'channel',
      axis: 1,
    })
    expect(values(columns)).toEqual([0.5, 1, 6, 4, 4.5, 3, 14, 8])
  })

  it('reads bytes', () => {
    expect(values(dequantizeAffine(tensor(Int8Array.of(-128, 127)), 2))).toEqual([-256, 254])
    expect(values(dequantizeAffine(tensor(Uint8Array.of(0, 255)), 1, 128))).toEqual([-128, 127])
  })

  it('refuses what does not fit, and says what it got', () => {
    const q = codes([1, 2, 3, 4], [2, 2])
    const scale = tensor([1, 0])
    expect(() => dequantizeAffine(q, scale)).toThrow('dequantizeAffine: scale must have shape [], got [2]')
    expect(() => dequantizeAffine(q, tensor([1]), null, { granularity: 'token' })).toThrow(
      'dequantizeAffine: scale must have shape [2], got [1]',
    )
    expect(() => dequantizeAffine(q, scale, codes([1]), { granularity: 'channel' })).toThrow(
      'zeroPoint must have shape [2], got [1]',
    )
    expect(() => dequantizeAffine(q, scale, null, { granularity: 'token' }).dataSync()).toThrow(
      'dequantizeAffine: scale must be positive, got 0 at index 1',
    )
    expect(() => dequantizeAffine(tensor([1.5]), 1)).toThrow('dequantizeAffine: codes must be integers, got float32')
    expect(() => dequantizeAffine(q, null as never)).toThrow('dequantizeAffine: scale must be a tensor, got null')
    expect(() => dequantizeAffine(q, scale, null, { granularity: 'group', groupSize: 3 })).toThrow(
      'groupSize must divide the last dim of codes [2, 2], got 3',
    )
  })
})
