import { normal, randomKey, tensor } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { binarizeRows } from '../dense/binary-codes.ts'
import { quantizeInt8Rows } from '../dense/int8-codes.ts'
import { binaryQuantize } from './binary-quantize.ts'
import { hammingDistance } from './hamming-distance.ts'
import { int8Quantize } from './int8-quantize.ts'

const vectors = normal(randomKey(12), [6, 40])
const ints = (data: number[][]) => tensor(data, { dtype: 'int32' })

describe('int8Quantize', () => {
  it('answers the example of its documentation', async () => {
    const { codes } = await int8Quantize(tensor([[0.5, -1]]))
    expect(await codes.data()).toEqual(Int32Array.of(64, -127))
  })

  it('equals the conversion of plain arrays', async () => {
    const { codes, scales } = await int8Quantize(vectors)
    const expected = quantizeInt8Rows(await vectors.data(), 40)
    expect([codes.shape, codes.dtype, scales.shape, scales.dtype]).toEqual([[6, 40], 'int32', [6], 'float32'])
    expect([...(await codes.data())]).toEqual([...expected.codes])
    expect(await scales.data()).toEqual(expected.scales)
  })

  it('takes no rows, and rows without values', async () => {
    expect((await int8Quantize(tensor([], { shape: [0, 3] }))).codes.shape).toEqual([0, 3])
    const { codes, scales } = await int8Quantize(tensor([], { shape: [2, 0] }))
    expect([codes.shape, [...(await scales.data())]]).toEqual([
      [2, 0],
      [1, 1],
    ])
  })

  it('names what is wrong', async () => {
    await expect(int8Quantize(tensor([1]))).rejects.toThrow(
      'int8Quantize: vectors must be a tensor [n, d], got shape [1]',
    )
    await expect(int8Quantize(tensor([[1], [Infinity]]))).rejects.toThrow(
      'int8Quantize: vectors row 1 must be finite, got Infinity',
    )
    await expect(int8Quantize(ints([[1]]))).rejects.toThrow('int8Quantize: vectors must be float32, got int32')
  })
})

describe('binaryQuantize', () => {
  it('answers the example of its documentation', async () => {
    expect(await (await binaryQuantize(tensor([[0.1, -2, 3]]))).data()).toEqual(Int32Array.of(5))
  })

  it('equals the conversion of plain arrays', async () => {
    const codes = await binaryQuantize(vectors)
    expect([codes.shape, codes.dtype]).toEqual([[6, 2], 'int32'])
    expect(await codes.data()).toEqual(binarizeRows(await vectors.data(), 40))
  })

  it('keeps bit 31 as a negative number', async () => {
    const row = new Array(32).fill(-1).with(31, 1)
    expect(await (await binaryQuantize(tensor([row]))).data()).toEqual(Int32Array.of(-(2 ** 31)))
  })

  it('names what is wrong', async () => {
    await expect(binaryQuantize(tensor([[Number.NaN]]))).rejects.toThrow(
      'binaryQuantize: vectors row 0 must be finite, got NaN',
    )
    await expect(binaryQuantize(tensor(1))).rejects.toThrow(
      'binaryQuantize: vectors must be a tensor [n, d], got shape []',
    )
  })
})

describe('hammingDistance', () => {
  it('answers the example of its documentation', async () => {
    expect(await (await hammingDistance(ints([[5]]), ints([[6]]))).data()).toEqual(Int32Array.of(2))
  })

  it('counts differing signs of every pair', async () => {
    const codes = await binaryQuantize(vectors)
    const distances = await hammingDistance(codes, codes)
    expect([distances.shape, distances.dtype]).toEqual([[6, 6], 'int32'])
    const values = await vectors.data()
    const found = await distances.data()
    for (let a = 0; a < 6; a++) {
      for (let b = 0; b < 6; b++) {
        let expected = 0
        for (let j = 0; j < 40; j++) if (values[a * 40 + j] > 0 !== values[b * 40 + j] > 0) expected++
        expect(found[a * 6 + b]).toBe(expected)
      }
    }
  })

  it('reaches 32 bits a word, the sign bit included', async () => {
    expect(await (await hammingDistance(ints([[-1, -1]]), ints([[0, 0]]))).data()).toEqual(Int32Array.of(64))
  })

  it('takes no rows', async () => {
    expect((await hammingDistance(tensor([], { shape: [0, 2], dtype: 'int32' }), ints([[0, 0]]))).shape).toEqual([0, 1])
  })

  it('names what is wrong', async () => {
    await expect(hammingDistance(ints([[1, 2]]), ints([[1]]))).rejects.toThrow(
      'hammingDistance: a has 2 words a row, b has 1',
    )
    await expect(hammingDistance(tensor([[1]]), ints([[1]]))).rejects.toThrow(
      'hammingDistance: a must be int32, got float32',
    )
  })
})
