import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { gradients, type Tensor } from '../index.ts'
import { expectEqual, randomTensor, unit } from './__fixtures__/matrices.ts'
import { expectClose, expectError, float, numbers, slope, tensorOf } from './__fixtures__/test-tools.ts'
import { eigh, svd } from './spectral.ts'

/** Whether the entry of largest magnitude of each column is positive. */
const hasPositivePeaks = (x: Tensor): boolean =>
  numbers(x.abs().argmax({ dim: -2 })).every(
    (row, i) =>
      numbers(
        x
          .transpose(-1, -2)
          .reshape([-1, x.shape[x.ndim - 2]])
          .select(0, i),
      )[row] > 0,
  )

describe('eigh', () => {
  const a = randomTensor(1, 2, 4, 4)
  const symmetric = a.add(a.transpose(1, 2)).mul(0.5)

  it('rebuilds the symmetric part, values ascending, signs fixed', () => {
    const { values, vectors } = eigh(a)
    expectEqual(vectors.mul(values.unsqueeze(-2)).matmul(vectors.transpose(1, 2)), symmetric)
    expectEqual(vectors.transpose(1, 2).matmul(vectors), unit(4))
    expectEqual(values, values.sort().values, 0)
    expect(hasPositivePeaks(vectors)).toBe(true)
  })

  it('makes the first of equal entries positive', () => {
    const { values, vectors } = eigh(float([2, 1, 1, 2], [2, 2]))
    const half = Math.SQRT1_2
    expectClose(values, [1, 3])
    expectClose(vectors, [half, half, -half, half])
  })

  it('agrees with finite differences, to the second order', () => {
    gradcheck(
      x => {
        const { values, vectors } = eigh(x)
        return [values, vectors]
      },
      [a],
      { order: 2 },
    )
  })

  it('has a symmetric gradient, finite where values are equal', () => {
    const [da] = gradients(
      eigh(a)
        .vectors.mul(randomTensor(2, 4, 4))
        .sum(),
      [a],
    )
    expectEqual(da, da.transpose(1, 2), 1e-5)
    const flat = slope(x => eigh(x).vectors.mul(float([1, 2, 3, 4], [2, 2])), unit(2))
    expect(flat).toEqual([0, 0, 0, 0])
    expect(slope(x => eigh(x).values, float([0, 0, 0, 0], [2, 2]))).toEqual([1, 0, 0, 1])
  })

  it('of one element, of nothing, of NaN and of other dtypes', () => {
    expectClose(eigh(float([-3], [1, 1])).vectors, [1])
    expect(eigh(float([], [2, 0, 0])).values.shape).toEqual([2, 0])
    expect(numbers(eigh(float([NaN], [1, 1])).values)).toEqual([NaN])
    expect(eigh(tensorOf('float16', [4], [1, 1])).vectors.dtype).toBe('float16')
    expectError(() => eigh(float([1, 2], [1, 2])), 'shape', 'eigh: expected square matrices, got [1, 2]')
  })
})

describe('svd', () => {
  const shapes = [
    [3, 3],
    [2, 4, 3],
    [2, 3, 4],
    [5, 1],
    [1, 5],
    [1, 1],
  ].map(shape => [shape] as const)

  it.each(shapes)('of %j rebuilds the matrix, values descending, signs fixed', shape => {
    const a = randomTensor(3, ...shape)
    const { u, s, vh } = svd(a)
    const k = Math.min(...shape.slice(-2))
    expectEqual(u.mul(s.unsqueeze(-2)).matmul(vh), a)
    expectEqual(u.transpose(-1, -2).matmul(u), unit(k))
    expectEqual(vh.matmul(vh.transpose(-1, -2)), unit(k))
    expectEqual(s, s.sort({ descending: true }).values, 0)
    expect(hasPositivePeaks(u)).toBe(true)
  })

  it('of lower rank has orthonormal vectors all the same', () => {
    for (const a of [float([1, 2, 2, 4, 0, 0], [3, 2]), float([0, 0, 0, 0, 0, 0], [2, 3])]) {
      const { u, s, vh } = svd(a)
      expectEqual(u.mul(s).matmul(vh), a)
      expectEqual(u.transpose(0, 1).matmul(u), unit(2))
      expectEqual(vh.matmul(vh.transpose(0, 1)), unit(2))
    }
  })

  it.each([[[2, 3, 3]], [[4, 3]], [[3, 4]]])('of %j agrees with finite differences', shape => {
    const a = randomTensor(4, ...shape)
    gradcheck(
      x => {
        const { u, s, vh } = svd(x)
        return [u, s, vh]
      },
      [a],
      { order: 2 },
    )
    gradcheck(x => svd(x).s, [a], { order: 2 })
  })

  it('has finite gradients where values are equal or 0', () => {
    expect(slope(x => svd(x).s, unit(2))).toEqual([1, 0, 0, 1])
    expect(slope(x => svd(x).u.mul(float([1, 2, 3, 4], [2, 2])), unit(2))).toEqual([0, 0, 0, 0])
    expect(slope(x => svd(x).u, float([0, 0], [2, 1])).every(Number.isFinite)).toBe(true)
    expect(slope(x => svd(x).vh, float([0, 0], [1, 2])).every(Number.isFinite)).toBe(true)
  })

  it('of tiny elements has the gradient of large ones', () => {
    const a = randomTensor(5, 3, 3)
    const [large, small] = [a, a.mul(2 ** -90)].map(x => slope(y => svd(y).vh.mul(randomTensor(6, 3, 3)), x))
    small.forEach((value, i) => {
      expect(value * 2 ** -90).toBeCloseTo(large[i], 4)
    })
  })

  it('of nothing, of NaN and of other dtypes', () => {
    const { u, s, vh } = svd(float([], [3, 0]))
    expect([u.shape, s.shape, vh.shape]).toEqual([[3, 0], [0], [0, 0]])
    expect(svd(float([], [0, 2, 3])).vh.shape).toEqual([0, 2, 3])
    expect(numbers(svd(float([NaN, 1], [2, 1])).u)).toEqual([NaN, NaN])
    expect(svd(tensorOf('float16', [4], [1, 1])).s.dtype).toBe('float16')
    expectError(() => svd(float([1])), 'shape', 'svd: expected at least 2 dims, got shape [1]')
  })
})
