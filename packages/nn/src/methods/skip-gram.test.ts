import { normal, tensor } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { negativeSamplingDistribution, skipGramNegativeSamplingLoss, subsampleKeepProbability } from './skip-gram.ts'

const softplus = (x: number): number => Math.max(0, x) + Math.log1p(Math.exp(-Math.abs(x)))

describe('skipGramNegativeSamplingLoss', () => {
  const [center, context, negatives] = [normal(1, [4, 3]), normal(2, [4, 3]), normal(3, [4, 2, 3])]

  it('is the sum over pairs by a plain loop', () => {
    const [c, o, n] = [center, context, negatives].map(x => x.dataSync())
    const dot = (row: number, list: ArrayLike<number>, at: number): number =>
      [0, 1, 2].reduce((sum, d) => sum + c[row * 3 + d] * list[at * 3 + d], 0)
    const wanted = [0, 1, 2, 3].map(
      b => softplus(-dot(b, o, b)) + softplus(dot(b, n, 2 * b)) + softplus(dot(b, n, 2 * b + 1)),
    )
    const got = skipGramNegativeSamplingLoss(center, context, negatives, { reduction: 'none' })
    Array.from(got.dataSync()).forEach((loss, b) => {
      expect(loss).toBeCloseTo(wanted[b], 5)
    })
    const sum = skipGramNegativeSamplingLoss(center, context, negatives, { reduction: 'sum' }).itemSync() as number
    expect(sum).toBeCloseTo(
      wanted.reduce((a, b) => a + b),
      4,
    )
    expect(skipGramNegativeSamplingLoss(center, context, negatives).itemSync()).toBeCloseTo(sum / 4, 5)
  })

  it('is finite for large scores', () => {
    const [far, against] = [tensor([[1e4]]), tensor([[-1e4]])]
    const loss = skipGramNegativeSamplingLoss(far, against, against.unsqueeze(1)).itemSync() as number
    expect(Number.isFinite(loss)).toBe(true)
  })

  it('refuses what does not fit', () => {
    expect(() => skipGramNegativeSamplingLoss(center, context, normal(3, [4, 2, 5]))).toThrow(
      'skipGramNegativeSamplingLoss: center and context must be [B, d] and negatives [B, K, d], got [4, 3], [4, 3], [4, 2, 5]',
    )
    expect(() => skipGramNegativeSamplingLoss(center, normal(2, [3, 3]), negatives)).toThrow('got [4, 3], [3, 3]')
    expect(() => skipGramNegativeSamplingLoss(center, context, negatives, { reduction: 'max' as never })).toThrow(
      'skipGramNegativeSamplingLoss: reduction must be one of mean, sum, none, got max',
    )
  })
})

describe('negativeSamplingDistribution', () => {
  it('is between the shares of the words and all alike', () => {
    const counts = tensor([16, 1, 0], { dtype: 'int32' })
    const at = (power?: number): number[] =>
      Array.from(negativeSamplingDistribution(counts, { power }).dataSync(), x => Math.round(x * 1e4) / 1e4)
    expect(at()).toEqual([0.8889, 0.1111, 0])
    expect(at(1)).toEqual([0.9412, 0.0588, 0])
    expect(() => negativeSamplingDistribution(counts, { power: -1 })).toThrow(
      'negativeSamplingDistribution: power must be at least 0, got -1',
    )
  })
})

describe('subsampleKeepProbability', () => {
  const counts = tensor([900, 90, 9, 1, 0], { dtype: 'int32' })

  it('thins out frequent words by either formula', () => {
    const keep = (options: object): number[] => Array.from(subsampleKeepProbability(counts, options).dataSync())
    const word = keep({ threshold: 0.01 })
    expect(word[0]).toBeCloseTo((Math.sqrt(90) + 1) / 90, 6)
    expect(word.slice(2)).toEqual([1, 1, 1])
    const paper = keep({ threshold: 0.01, formula: 'paper' })
    expect(paper[0]).toBeCloseTo(Math.sqrt(1 / 90), 6)
    expect(paper[1]).toBeCloseTo(1 / 3, 6)
    expect(keep({})[0]).toBeCloseTo((Math.sqrt(900) + 1) / 900, 6)
  })

  it.each([
    [{ threshold: 0 }, 'subsampleKeepProbability: threshold must be above 0, got 0'],
    [{ formula: 'x' as never }, 'subsampleKeepProbability: formula must be one of word2vec, paper, got x'],
  ])('refuses %j', (options, message) => {
    expect(() => subsampleKeepProbability(counts, options)).toThrow(message)
  })
})
