import { gradients, normal, type Tensor, tensor } from '@surprisal/tensor'
import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { duplicateMask } from './duplicate-mask.ts'
import { type MultipleNegativesRankingLossOptions, multipleNegativesRankingLoss } from './multiple-negatives-ranking.ts'

const points = (shape: number[], seed = 1): Tensor => tensor(normal(seed, shape).dataSync(), { shape })
const values = (x: Tensor): number[] => Array.from(x.dataSync(), value => value + 0)
const rows = (x: Tensor): number[][] => Array.from({ length: x.shape[0] }, (_, i) => values(x.select(0, i)))
const dot = (a: number[], b: number[]): number => a.reduce((sum, x, i) => sum + x * b[i], 0)
const cosine = (a: number[], b: number[]): number => dot(a, b) / Math.hypot(...a) / Math.hypot(...b)

/** The definition in plain loops; `allowed` says which candidates row i is compared with. */
function naive(a: number[][], c: number[][], scale: number, allowed = (_i: number, _j: number) => true): number[] {
  return a.map((x, i) => {
    const scores = c.map(y => scale * cosine(x, y))
    const total = scores.reduce((sum, s, j) => (i === j || allowed(i, j) ? sum + Math.exp(s) : sum), 0)
    return Math.log(total) - scores[i]
  })
}

const close = (got: Tensor, expected: number[]): void => {
  values(got).forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i], 4)
  })
}

describe('multipleNegativesRankingLoss', () => {
  const [anchors, positives, hard] = [points([4, 3]), points([4, 3], 2), points([3, 3], 3)]
  const none = { reduction: 'none' } as const

  it('agrees with its definition in loops', () => {
    close(multipleNegativesRankingLoss(anchors, positives, none), naive(rows(anchors), rows(positives), 20))
    const candidates = [...rows(positives), ...rows(hard)]
    const loss = multipleNegativesRankingLoss(anchors, positives, hard, { ...none, scale: 5 })
    close(loss, naive(rows(anchors), candidates, 5))
  })

  it('takes hard negatives of each row as candidates of all', () => {
    const each = points([4, 2, 3], 4)
    const expected = multipleNegativesRankingLoss(anchors, positives, each.reshape([8, 3])).itemSync() as number
    expect(multipleNegativesRankingLoss(anchors, positives, each).itemSync()).toBeCloseTo(expected, 6)
  })

  it('averages both directions when symmetric, without hard negatives on the way back', () => {
    const there = naive(rows(anchors), [...rows(positives), ...rows(hard)], 20)
    const back = naive(rows(positives), rows(anchors), 20)
    const loss = multipleNegativesRankingLoss(anchors, positives, hard, { ...none, symmetric: true })
    close(
      loss,
      there.map((value, i) => (value + back[i]) / 2),
    )
  })

  it('leaves out duplicates of the positive, never the positive itself', () => {
    const ids = [5, 6, 5, 7]
    const candidateIds = [...ids, 6, 8, 9]
    const duplicates = duplicateMask(tensor(ids, { dtype: 'int32' }), tensor(candidateIds, { dtype: 'int32' }))
    const options = { ...none, duplicateMask: duplicates }
    const allowed = (i: number, j: number) => ids[i] !== candidateIds[j]
    const loss = multipleNegativesRankingLoss(anchors, positives, hard, options)
    close(loss, naive(rows(anchors), [...rows(positives), ...rows(hard)], 20, allowed))
    const back = naive(rows(positives), rows(anchors), 20, allowed)
    const both = multipleNegativesRankingLoss(anchors, positives, hard, { ...options, symmetric: true })
    close(
      both,
      values(loss).map((value, i) => (value + back[i]) / 2),
    )
  })

  it('costs nothing when every candidate but the positive is a duplicate', () => {
    const options = {
      duplicateMask: tensor([
        [true, true],
        [true, true],
      ]),
    }
    const [a, p] = [points([2, 3]), points([2, 3], 2)]
    const loss = multipleNegativesRankingLoss(a, p, options)
    expect((loss.itemSync() as number) + 0).toBe(0)
    for (const grad of gradients(loss, [a, p])) expect(values(grad).every(value => Math.abs(value) < 1e-6)).toBe(true)
  })

  it('negates distances', () => {
    const [a, p] = [tensor([[0], [3]]), tensor([[1], [5]])]
    const distance = { type: 'lp', normalize: false } as const
    const loss = multipleNegativesRankingLoss(a, p, { ...none, scale: 1, distance })
    close(loss, [Math.log(1 + Math.exp(-4)), Math.log(1 + Math.exp(0))])
  })

  it.each<[string, MultipleNegativesRankingLossOptions]>([
    ['cosine', {}],
    [
      'symmetric with a mask',
      {
        symmetric: true,
        duplicateMask: tensor(
          Array.from({ length: 28 }, (_, i) => i % 3 === 0),
          { shape: [4, 7] },
        ),
      },
    ],
    ['dot', { distance: { type: 'dot', normalize: false }, scale: 2, reduction: 'sum' }],
  ])('has the gradient of its values: %s', (_name, options) => {
    gradcheck((a, p, n) => multipleNegativesRankingLoss(a, p, n, options), [anchors, positives, hard])
  })

  it('stays finite for long vectors', () => {
    const options = { distance: { type: 'dot', normalize: false } } as const
    const a = tensor([
      [1e3, 0],
      [0, 1e3],
    ])
    const loss = multipleNegativesRankingLoss(a, a.flip([0]), options)
    expect(loss.itemSync()).toBe(2e7)
    expect(values(gradients(loss, [a])[0]).every(Number.isFinite)).toBe(true)
  })

  it('refuses what it cannot use, and says what it got', () => {
    const op = 'multipleNegativesRankingLoss'
    const call = (options: object) => () => multipleNegativesRankingLoss(anchors, positives, options)
    expect(() => multipleNegativesRankingLoss(anchors, hard)).toThrow(
      `${op}: positives must have the shape of anchors, got [3, 3] for [4, 3]`,
    )
    expect(() => multipleNegativesRankingLoss(points([3]), hard)).toThrow(
      `${op}: anchors must have shape [N, D], got [3]`,
    )
    expect(() => multipleNegativesRankingLoss(anchors, positives, points([2, 4]))).toThrow(
      `${op}: hardNegatives must have rows of 3`,
    )
    expect(() => multipleNegativesRankingLoss(anchors, positives, points([3, 2, 3]))).toThrow(
      `${op}: hardNegatives must have shape [M, D] or [N, K, D], got [3, 2, 3]`,
    )
    expect(call({ scale: 0 })).toThrow(`${op}: scale must be a positive finite number, got 0`)
    expect(call({ duplicateMask: tensor([[true]]) })).toThrow(`${op}: duplicateMask must have shape [4, 4], got [1, 1]`)
    expect(call({ reduction: 'avg' })).toThrow(`${op}: reduction 'avg' is not one of none|mean|sum`)
  })
})
