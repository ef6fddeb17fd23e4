import { normal, type Tensor, tensor } from '@surprisal/tensor'
import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { infoNCELoss } from './info-nce.ts'
import { multipleNegativesRankingLoss } from './multiple-negatives-ranking.ts'

const points = (shape: number[], seed = 1): Tensor => tensor(normal(seed, shape).dataSync(), { shape })
const values = (x: Tensor): number[] => Array.from(x.dataSync(), value => value + 0)

describe('infoNCELoss', () => {
  const [query, key, negatives] = [points([3, 4]), points([3, 4], 2), points([5, 4], 3)]

  it('is the ranking loss of a batch by another name', () => {
    for (const symmetric of [false, true]) {
      const expected = multipleNegativesRankingLoss(query, key, { scale: 4, symmetric }).itemSync() as number
      expect(infoNCELoss(query, key, { temperature: 0.25, symmetric }).itemSync()).toBeCloseTo(expected, 5)
    }
  })

  it('compares with given negatives only', () => {
    const options = { temperature: 1, normalize: false, reduction: 'none' } as const
    const losses = values(
      infoNCELoss(
        tensor([
          [1, 0],
          [0, 1],
        ]),
        tensor([
          [2, 5],
          [5, 3],
        ]),
        tensor([
          [0, 0],
          [1, 1],
        ]),
        options,
      ),
    )
    expect(losses[0]).toBeCloseTo(Math.log(Math.exp(2) + Math.exp(0) + Math.exp(1)) - 2, 5)
    expect(losses[1]).toBeCloseTo(Math.log(Math.exp(3) + Math.exp(0) + Math.exp(1)) - 3, 5)
  })

  it('takes negatives of each query', () => {
    const own = negatives.unsqueeze(0).expand([3, 5, 4])
    const expected = values(infoNCELoss(query, key, negatives, { reduction: 'none' }))
    values(infoNCELoss(query, key, own, { reduction: 'none' })).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 5)
    })
  })

  it('leaves out masked candidates', () => {
    const mask = tensor(
      Array.from({ length: 15 }, (_, i) => i % 5 > 2),
      { shape: [3, 5] },
    )
    const expected = infoNCELoss(query, key, negatives.narrow(0, 0, 3)).itemSync() as number
    expect(infoNCELoss(query, key, negatives, { duplicateMask: mask }).itemSync()).toBeCloseTo(expected, 5)
    const everything = { duplicateMask: tensor(Array(9).fill(true), { shape: [3, 3] }) }
    expect((infoNCELoss(query, key, everything).itemSync() as number) + 0).toBe(0)
  })

  it('has the gradient of its values', () => {
    gradcheck((q, k) => infoNCELoss(q, k, { symmetric: true }), [query, key])
    gradcheck((q, k, n) => infoNCELoss(q, k, n, { temperature: 0.5 }), [query, key, negatives])
    gradcheck((q, k, n) => infoNCELoss(q, k, n, { normalize: false }), [query, key, points([3, 2, 4], 5)])
  })

  it('refuses what it cannot use, and says what it got', () => {
    for (const temperature of [0, -1, Number.POSITIVE_INFINITY])
      expect(() => infoNCELoss(query, key, { temperature })).toThrow(
        `infoNCELoss: temperature must be a positive finite number, got ${temperature}`,
      )
    expect(() => infoNCELoss(query, negatives)).toThrow(
      'infoNCELoss: positiveKey must have the shape of query, got [5, 4] for [3, 4]',
    )
    expect(() => infoNCELoss(query, key, points([2, 2, 4]))).toThrow(
      'infoNCELoss: negatives must have shape [M, D] or [N, M, D], got [2, 2, 4]',
    )
    expect(() => infoNCELoss(query, key, points([2, 3]))).toThrow(
      'infoNCELoss: negatives must have rows of 4 like query, got [2, 3]',
    )
    expect(() => infoNCELoss(query, key, negatives, { symmetric: true })).toThrow(
      'infoNCELoss: symmetric must be false with negatives, got true',
    )
  })
})
