import { describe, expect, it } from 'vitest'
import {
  BM25_VARIANTS,
  bm25Parameters,
  idf,
  meanRawIdf,
  rawIdf,
  saturated,
  saturation,
  termWeight,
} from './bm25-variants.ts'

describe('bm25Parameters', () => {
  it('fills in the defaults of each variant', () => {
    const table = BM25_VARIANTS.map(variant => bm25Parameters('f', { variant }))
    expect(table.map(({ k1 }) => k1)).toEqual([1.2, 1.2, 1.5, 1.2, 1.2, 1.2])
    expect(table.every(({ b, epsilon, lossyNorms }) => b === 0.75 && epsilon === 0.25 && !lossyNorms)).toBe(true)
    expect([table[4].delta, table[5].delta]).toEqual([0.5, 1])
    expect(bm25Parameters('f', {}).variant).toBe('lucene')
  })
})

describe('rawIdf', () => {
  it('falls as a term gets more common', () => {
    for (const variant of BM25_VARIANTS) {
      expect(rawIdf(variant, 100, 1)).toBeGreaterThan(rawIdf(variant, 100, 10))
    }
  })

  it('of a term that every document has', () => {
    const values = BM25_VARIANTS.map(variant => rawIdf(variant, 10, 10))
    const [lucene, robertson, okapi, atire, bm25l, bm25plus] = values
    expect(lucene).toBeCloseTo(Math.log(1 + 0.5 / 10.5), 12)
    expect([robertson, atire]).toEqual([0, 0])
    expect(okapi).toBeLessThan(0)
    expect(bm25l).toBeCloseTo(Math.log(11 / 10.5), 12)
    expect(bm25plus).toBeCloseTo(Math.log(1.1), 12)
  })
})

describe('meanRawIdf', () => {
  it('is the mean over the vocabulary, whatever its order', () => {
    const frequencies = [1, 3, 7, 3, 1, 1, 9, 2]
    const mean = frequencies.reduce((sum, n) => sum + rawIdf('okapi', 10, n), 0) / 8
    expect(meanRawIdf('okapi', 10, frequencies)).toBeCloseTo(mean, 12)
    expect(meanRawIdf('okapi', 10, frequencies.toReversed())).toBe(meanRawIdf('okapi', 10, frequencies))
  })
})

describe('idf', () => {
  it('asks for the mean only where okapi is negative', () => {
    const okapi = bm25Parameters('f', { variant: 'okapi', epsilon: 0.5 })
    const unasked = () => {
      throw new Error('not needed')
    }
    expect(idf(okapi, 10, 1, unasked)).toBe(rawIdf('okapi', 10, 1))
    expect(idf(okapi, 10, 9, () => 3)).toBe(1.5)
    expect(idf(bm25Parameters('f', { variant: 'robertson' }), 10, 9, unasked)).toBe(0)
  })
})

describe('the common form', () => {
  it('is at most 1 and grows with the frequency', () => {
    for (const variant of BM25_VARIANTS) {
      const { S, T } = saturation(bm25Parameters('f', { variant }))
      expect(saturated(1, 2, S, T)).toBeLessThan(saturated(2, 2, S, T))
      expect(saturated(1e9, 2, S, T)).toBeLessThanOrEqual(1)
    }
  })

  it('has a bonus for bm25+ only, and multiplicity in both parts', () => {
    expect(termWeight(bm25Parameters('f', { variant: 'bm25+', k1: 1 }), 2, 3)).toEqual({ weight: 12, bonus: 6 })
    expect(termWeight(bm25Parameters('f', { variant: 'lucene', k1: 1 }), 2, 3)).toEqual({ weight: 6, bonus: 0 })
    expect(termWeight(bm25Parameters('f', { variant: 'bm25l', k1: 1 }), 2, 3)).toEqual({ weight: 12, bonus: 0 })
  })
})
