import { normal, type Tensor, tensor } from '@surprisal/tensor'
import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { cosineSimilarity } from './cosine-similarity.ts'
import { distanceMatrix } from './distance-matrix.ts'

const points = (shape: number[], seed = 1): Tensor => tensor(normal(seed, shape).dataSync(), { shape })

describe('cosineSimilarity', () => {
  it('is the diagonal of all pairs', () => {
    const [a, b] = [points([4, 3]), points([4, 3], 2)]
    const expected = distanceMatrix(a, b, { distance: 'cosine' }).diagonal().dataSync()
    cosineSimilarity(a, b)
      .dataSync()
      .forEach((value, i) => {
        expect(value).toBeCloseTo(expected[i], 6)
      })
  })

  it('minds directions only', () => {
    const a = tensor([
      [1, 0],
      [2, 2],
      [0, 0],
    ])
    const b = tensor([
      [-5, 0],
      [0.1, 0.1],
      [1, 1],
    ])
    expect(Array.from(cosineSimilarity(a, b).dataSync())).toEqual([-1, expect.closeTo(1, 6), 0])
  })

  it('has the gradient of its values', () => {
    gradcheck((a, b) => cosineSimilarity(a, b), [points([3, 4]), points([3, 4], 2)])
  })

  it('refuses rows that are not aligned', () => {
    expect(() => cosineSimilarity(points([2, 3]), points([3, 3]))).toThrow(
      'cosineSimilarity: b must have the shape of a, got [3, 3] for [2, 3]',
    )
  })
})
