import { gradcheck } from '@surprisal/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normal } from '../index.ts'
import { asTensor, build, counting, read } from './__fixtures__/test-arrays.ts'
import { expectClose, expectError, expectTensor, float, slope, tensorOf } from './__fixtures__/test-tools.ts'
import { adaptiveAvgPool1d, adaptiveAvgPool2d } from './pooling-adaptive.ts'

const x = float([1, 2, 3, 4, 5, 6], [1, 1, 6])

describe('adaptiveAvgPool', () => {
  it('takes means of windows that cover the dim', () => {
    expectTensor(adaptiveAvgPool1d(x, 3), 'float32', [1, 1, 3], [1.5, 3.5, 5.5])
    expectTensor(adaptiveAvgPool1d(x, 4), 'float32', [1, 1, 4], [1.5, 2.5, 4.5, 5.5])
    expectTensor(x.adaptiveAvgPool1d(1), 'float32', [1, 1, 1], [3.5])
    expectTensor(float([1, 2], [1, 1, 2]).adaptiveAvgPool1d([3]), 'float32', [1, 1, 3], [1, 1.5, 2])
    expectTensor(adaptiveAvgPool2d(x.reshape([1, 1, 2, 3]), [1, 2]), 'float32', [1, 1, 1, 2], [3, 4])
  })

  it('equals a loop over windows', () => {
    const size = fc.integer({ min: 1, max: 7 })
    fc.assert(
      fc.property(fc.tuple(size, size), fc.tuple(size, size), ([h, w], [oh, ow]) => {
        const image = counting([2, 1, h, w])
        const expected = build([2, 1, oh, ow], ([n, c, i, j]) => {
          let [sum, count] = [0, 0]
          for (let y = Math.floor((i * h) / oh); y < Math.ceil(((i + 1) * h) / oh); y++)
            for (let z = Math.floor((j * w) / ow); z < Math.ceil(((j + 1) * w) / ow); z++) {
              sum += read(image, [n, c, y, z])
              count += 1
            }
          return sum / count
        })
        const got = adaptiveAvgPool2d(asTensor(image), [oh, ow])
        expect(got.shape).toEqual(expected.shape)
        expectClose(got, expected.data)
      }),
    )
  })

  it('keeps an infinity out of the other windows', () => {
    const y = adaptiveAvgPool1d(float([1, 2, 3, Number.POSITIVE_INFINITY, 5], [1, 1, 5]), 3)
    expectTensor(y, 'float32', [1, 1, 3], [1.5, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY])
    expectTensor(adaptiveAvgPool1d(float([1, 2, Number.NaN], [1, 1, 3]), 2), 'float32', [1, 1, 2], [1.5, Number.NaN])
  })

  it('gives float32 of integers and float16 of float16', () => {
    expectTensor(adaptiveAvgPool1d(tensorOf('int32', [1, 2, 4], [1, 1, 3]), 2), 'float32', [1, 1, 2], [1.5, 3])
    expectTensor(adaptiveAvgPool1d(tensorOf('int8', [1, 2], [1, 1, 2]), 1), 'float32', [1, 1, 1], [1.5])
    const half = tensorOf('float16', [60000, 60000, 60000], [1, 1, 3])
    expectTensor(adaptiveAvgPool1d(half, 2), 'float16', [1, 1, 2], [60000, 60000])
  })

  it('has gradients of both orders', () => {
    const image = normal(1, [2, 1, 5, 4])
    for (const size of [[3, 2], [5, 2], 1, [7, 3]])
      gradcheck(t => adaptiveAvgPool2d(t, size).pow(3), [image], { order: 2, maxElements: 16 })
  })

  it('of nothing', () => {
    expect(adaptiveAvgPool2d(float([], [0, 2, 3, 3]), 2).shape).toEqual([0, 2, 2, 2])
    expect(slope(t => adaptiveAvgPool2d(t, 2), float([], [0, 2, 3, 3]))).toEqual([])
    expect(adaptiveAvgPool1d(x, 0).shape).toEqual([1, 1, 0])
    expect(slope(t => adaptiveAvgPool1d(t, 0), x)).toEqual([0, 0, 0, 0, 0, 0])
    expectTensor(adaptiveAvgPool1d(float([], [1, 1, 0]), 2), 'float32', [1, 1, 2], [Number.NaN, Number.NaN])
  })

  it('refuses other sizes and ranks', () => {
    expectError(
      () => adaptiveAvgPool1d(x, -1),
      'argument',
      'adaptiveAvgPool1d: outputSize must be an integer of at least 0 or a list of 1, got -1',
    )
    expectError(
      () => adaptiveAvgPool2d(x.unsqueeze(0), [1]),
      'argument',
      'adaptiveAvgPool2d: outputSize must be an integer of at least 0 or a list of 2, got [1]',
    )
    expectError(() => adaptiveAvgPool2d(x, 1), 'shape', 'adaptiveAvgPool2d: x must have rank 4, got shape [1, 1, 6]')
  })
})
