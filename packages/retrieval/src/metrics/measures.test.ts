import { describe, expect, it } from 'vitest'
import * as measures from './measures.ts'
import type { JudgedRanking } from './ranking.ts'

/** Ranked: unjudged, relevant (1), judged not relevant, highly relevant (2), negative; one relevant missed. */
const ranking: JudgedRanking = { ranked: [undefined, 1, 0, 2, -1], judgements: [1, 0, 2, -1, 1, 0], relevanceLevel: 1 }
const nothing: JudgedRanking = { ranked: [0, undefined], judgements: [0], relevanceLevel: 1 }
const identity = (judgement: number) => judgement

describe('measures of a ranking by hand', () => {
  it('averagePrecision', () => {
    expect(measures.averagePrecision(ranking)).toBeCloseTo((1 / 2 + 2 / 4) / 3, 12)
    expect(measures.averagePrecision(ranking, 3)).toBeCloseTo(1 / 2 / 3, 12)
  })

  it('precision divides by k even beyond the ranking', () => {
    expect([1, 2, 4, 10].map(k => measures.precision(ranking, k))).toEqual([0, 1 / 2, 2 / 4, 2 / 10])
  })

  it('recall divides by all relevant', () => {
    expect([1, 2, 4, 10].map(k => measures.recall(ranking, k))).toEqual([0, 1 / 3, 2 / 3, 2 / 3])
  })

  it('success and reciprocal rank look for the first', () => {
    expect([1, 2].map(k => measures.success(ranking, k))).toEqual([0, 1])
    expect([measures.reciprocalRank(ranking), measures.reciprocalRank(ranking, 1)]).toEqual([1 / 2, 0])
  })

  it('ndcg has gains of judgements over the best order of all of them', () => {
    const ideal = 2 + 1 / Math.log2(3) + 1 / Math.log2(4)
    const found = 1 / Math.log2(3) + 2 / Math.log2(5)
    expect(measures.ndcg(ranking, identity)).toBeCloseTo(found / ideal, 12)
    expect(measures.ndcg(ranking, identity, 2)).toBeCloseTo(1 / Math.log2(3) / (2 + 1 / Math.log2(3)), 12)
    const exponential = (judgement: number) => 2 ** judgement - 1
    const gains = (1 / Math.log2(3) + 3 / Math.log2(5)) / (3 + 1 / Math.log2(3) + 1 / Math.log2(4))
    expect(measures.ndcg(ranking, exponential)).toBeCloseTo(gains, 12)
  })

  it('rPrecision looks at as many as are relevant', () => {
    expect(measures.rPrecision(ranking)).toBe(1 / 3)
  })

  it('bpref counts judged non-relevant above; negative ones are unjudged', () => {
    expect(measures.bpref(ranking)).toBeCloseTo((1 + (1 - 1 / 2)) / 3, 12)
    const negativeFirst = { ...ranking, ranked: [-1, 1] }
    expect(measures.bpref(negativeFirst)).toBeCloseTo(1 / 3, 12)
  })

  it('bpref caps what stands above at R', () => {
    const buried: JudgedRanking = { ranked: [0, 0, 0, 1], judgements: [0, 0, 0, 1], relevanceLevel: 1 }
    expect(measures.bpref(buried)).toBe(0)
  })

  it('hole counts documents without judgement', () => {
    expect([1, 2, 5, 10].map(k => measures.hole(ranking, k))).toEqual([1, 1 / 2, 1 / 5, 1 / 10])
  })

  it('all are 0 without relevant documents', () => {
    expect([
      measures.averagePrecision(nothing),
      measures.precision(nothing, 2),
      measures.recall(nothing, 2),
      measures.success(nothing, 2),
      measures.reciprocalRank(nothing),
      measures.ndcg(nothing, identity),
      measures.rPrecision(nothing),
      measures.bpref(nothing),
    ]).toEqual([0, 0, 0, 0, 0, 0, 0, 0])
  })

  it('relevanceLevel moves the line for all but ndcg', () => {
    const strict = { ...ranking, relevanceLevel: 2 }
    expect(measures.recall(strict, 4)).toBe(1)
    expect(measures.reciprocalRank(strict)).toBe(1 / 4)
    expect(measures.bpref(strict)).toBe(0)
    expect(measures.ndcg(strict, identity)).toBe(measures.ndcg(ranking, identity))
  })
})
