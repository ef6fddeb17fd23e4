import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { expectEqual, randomTensor } from './__fixtures__/matrices.ts'
import { expectClose, expectError, expectTensor, float, tensorOf } from './__fixtures__/test-tools.ts'
import { lstsq, pinv } from './pseudo-inverse.ts'
import { inverse, solve } from './solving.ts'

const square = randomTensor(1, 2, 3, 3)
const tall = randomTensor(2, 2, 4, 3)
const wide = randomTensor(3, 2, 3, 4)
/** Rank 2. */
const low = randomTensor(4, 4, 2).matmul(randomTensor(5, 2, 3))

describe('pinv', () => {
  it('is a generalised inverse of any shape and rank', () => {
    for (const a of [square, tall, wide, low]) {
      const p = pinv(a)
      expectEqual(a.matmul(p).matmul(a), a, 1e-4)
      expectEqual(p.matmul(a).matmul(p), p, 1e-4)
    }
    expectEqual(pinv(square), inverse(square), 1e-4)
  })

  it('drops values up to rtol times the largest', () => {
    const a = float([4, 0, 0, 1], [2, 2])
    expectTensor(pinv(a), 'float32', [2, 2], [0.25, 0, 0, 1])
    expectTensor(pinv(a, { rtol: 0.5 }), 'float32', [2, 2], [0.25, 0, 0, 0])
    expectTensor(pinv(float([0, 0], [1, 2])), 'float32', [2, 1], [0, 0])
  })

  it('of nothing and of other dtypes', () => {
    expect(pinv(float([], [0, 3])).shape).toEqual([3, 0])
    expectTensor(pinv(tensorOf('int32', [2], [1, 1])), 'float32', [1, 1], [0.5])
    expect(pinv(tensorOf('float16', [2], [1, 1])).dtype).toBe('float16')
  })

  it.each([square, tall, wide])('agrees with finite differences, to the second order', a => {
    gradcheck(x => pinv(x), [a], { order: 2 })
  })

  it('has the gradient of matrices of its rank', () => {
    gradcheck((x, y) => pinv(x.matmul(y)), [randomTensor(4, 4, 2), randomTensor(5, 2, 3)])
  })

  it('refuses bad arguments', () => {
    expectError(() => pinv(float([1])), 'shape', 'pinv: expected at least 2 dims, got shape [1]')
    expectError(() => pinv(square, { rtol: NaN }), 'argument', 'pinv: rtol must be a number, got NaN')
    expectError(() => pinv(square, 1 as never), 'argument', 'pinv: options must be an object, got 1')
  })
})

describe('lstsq', () => {
  it('fits a line', () => {
    const a = float([1, 0, 1, 1, 1, 2], [3, 2])
    expectClose(lstsq(a, float([1, 3, 5])), [1, 2])
    expectClose(lstsq(a, float([1, 4, 4])), [1.5, 1.5])
  })

  it('is the pseudo-inverse times b, for any shape and rank', () => {
    for (const a of [square, tall, wide, low]) {
      const b = randomTensor(6, a.shape[a.ndim - 2], 2)
      expectEqual(lstsq(a, b), pinv(a).matmul(b), 1e-4)
    }
    expectEqual(lstsq(square, randomTensor(7, 3)), solve(square, randomTensor(7, 3)), 1e-4)
  })

  it('leaves a residual at right angles to the columns', () => {
    const b = randomTensor(8, 2, 4)
    const residual = tall.matmul(lstsq(tall, b).unsqueeze(-1)).sub(b.unsqueeze(-1))
    expectEqual(tall.transpose(1, 2).matmul(residual), float([0]), 1e-5)
  })

  it.each([square, tall, wide])('agrees with finite differences, to the second order', a => {
    gradcheck(lstsq, [a, randomTensor(9, 2, a.shape[1], 2)], { order: 2 })
  })

  it('refuses other numbers of rows', () => {
    const rows = 'lstsq: a and b must have equal numbers of rows, got shapes [4, 3] and [3]'
    expectError(() => lstsq(low, float([1, 2, 3])), 'shape', rows)
    expectError(() => lstsq(float([1]), low), 'shape', 'lstsq: expected at least 2 dims, got shape [1]')
  })
})
