import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { gradients } from '../index.ts'
import { definite, expectEqual, randomTensor, unit } from './__fixtures__/matrices.ts'
import { expectError, expectTensor, float, numbers, tensorOf } from './__fixtures__/test-tools.ts'
import { cholesky, qr } from './triangular-factors.ts'

describe('cholesky', () => {
  const a = definite(1, 2, 3, 3)

  it('gives a lower triangle whose square is a', () => {
    const l = cholesky(a)
    expectEqual(l.matmul(l.transpose(1, 2)), a)
    expectEqual(l, l.tril(), 0)
    expectTensor(cholesky(float([4, 0, 4, 10], [2, 2])), 'float32', [2, 2], [2, 0, 1, 3])
  })

  it('of nothing and of other dtypes', () => {
    expect(cholesky(float([], [0, 2, 2])).shape).toEqual([0, 2, 2])
    expectTensor(cholesky(tensorOf('int32', [4], [1, 1])), 'float32', [1, 1], [2])
    expect(cholesky(tensorOf('float16', [4], [1, 1])).dtype).toBe('float16')
  })

  it('agrees with finite differences, to the second order', () => gradcheck(cholesky, [a], { order: 2 }))

  it('has a symmetric gradient', () => {
    const [da] = gradients(
      cholesky(a)
        .mul(randomTensor(2, 3, 3))
        .sum(),
      [a],
    )
    expectEqual(da, da.transpose(1, 2), 1e-6)
  })

  it('refuses what is not positive definite when read', () => {
    const stack = cholesky(float([1, 0, 0, 1, 1, 2, 2, 1], [2, 2, 2]))
    expectError(() => stack.dataSync(), 'argument', 'cholesky: matrix 1 is not positive definite (leading minor 2)')
    expectError(() => cholesky(float([1, 2], [1, 2])), 'shape', 'cholesky: expected square matrices, got [1, 2]')
  })
})

describe('qr', () => {
  it.each([[[3, 3]], [[2, 4, 3]], [[2, 3, 4]], [[5, 1]], [[1, 5]], [[1, 1]]])(
    'of %j gives orthonormal columns and an upper triangle with a diagonal that is not negative',
    shape => {
      const a = randomTensor(3, ...shape)
      const { q, r } = qr(a)
      const k = Math.min(...shape.slice(-2))
      expect([q.shape.slice(-2), r.shape.slice(-2)]).toEqual([
        [shape[shape.length - 2], k],
        [k, shape[shape.length - 1]],
      ])
      expectEqual(q.matmul(r), a)
      expectEqual(q.transpose(-1, -2).matmul(q), unit(k))
      expectEqual(r, r.triu(), 0)
      expect(numbers(r.diagonal({ dim1: -2, dim2: -1 })).every(x => x >= 0)).toBe(true)
    },
  )

  it.each([[[2, 3, 3]], [[4, 3]], [[3, 4]]])('of %j agrees with finite differences', shape => {
    gradcheck(
      x => {
        const { q, r } = qr(x)
        return [q, r]
      },
      [randomTensor(4, ...shape)],
      { order: 2 },
    )
  })

  it('differentiates q alone and r alone', () => {
    gradcheck(x => qr(x).q, [randomTensor(5, 3, 2)])
    gradcheck(x => qr(x).r, [randomTensor(5, 2, 3)])
  })

  it('of nothing and of other dtypes', () => {
    const { q, r } = qr(float([], [3, 0]))
    expect([q.shape, r.shape]).toEqual([
      [3, 0],
      [0, 0],
    ])
    expect(numbers(qr(float([], [0, 2, 2])).q)).toEqual([])
    expect(qr(tensorOf('float16', [4], [1, 1])).r.dtype).toBe('float16')
  })

  it('has no gradient where r has a zero on its diagonal', () => {
    const zero = float([1, 0, 0, 0], [2, 2])
    expect(numbers(qr(zero).r.abs())).toEqual([1, 0, 0, 0])
    const [da] = gradients(qr(zero).r.sum(), [zero])
    expectError(() => da.dataSync(), 'argument', 'qr: matrix 0 is singular')
  })

  it('refuses vectors', () => {
    expectError(() => qr(float([1])), 'shape', 'qr: expected at least 2 dims, got shape [1]')
  })
})
