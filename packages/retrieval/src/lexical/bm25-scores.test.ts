import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bm25Scores } from './bm25-scores.ts'
import { BM25_VARIANTS, type Bm25Options } from './bm25-variants.ts'
import { luceneNormRoundTrip } from './lucene-norm.ts'

fc.configureGlobal({ seed: 1 })

/** The table of the family, term by term, written out as it stands in the papers. */
function naive(docs: string[][], query: string[], options: Bm25Options): number[] {
  const { variant = 'lucene', b = 0.75, epsilon = 0.25, lossyNorms = false } = options
  const k1 = options.k1 ?? (variant === 'okapi' ? 1.5 : 1.2)
  const delta = options.delta ?? (variant === 'bm25l' ? 0.5 : 1)
  const N = docs.length
  const L = docs.reduce((sum, doc) => sum + doc.length, 0) / N
  const df = (term: string) => docs.filter(doc => doc.includes(term)).length
  const okapi = (term: string) => Math.log((N - df(term) + 0.5) / (df(term) + 0.5))
  const vocabulary = [...new Set(docs.flat())]
  const mean = vocabulary.reduce((sum, term) => sum + okapi(term), 0) / vocabulary.length
  return docs.map(doc => {
    const l = lossyNorms ? luceneNormRoundTrip([doc.length])[0] : doc.length
    const K = k1 * (1 - b + (b * l) / L)
    let score = 0
    for (const term of query) {
      const n = df(term)
      const tf = doc.filter(token => token === term).length
      if (tf === 0) continue
      const c = tf / (1 - b + (b * l) / L)
      if (variant === 'lucene') score += (Math.log(1 + (N - n + 0.5) / (n + 0.5)) * tf) / (tf + K)
      if (variant === 'robertson') score += (Math.max(0, okapi(term)) * tf * (k1 + 1)) / (tf + K)
      if (variant === 'okapi') score += ((okapi(term) < 0 ? epsilon * mean : okapi(term)) * tf * (k1 + 1)) / (tf + K)
      if (variant === 'atire') score += (Math.log(N / n) * tf * (k1 + 1)) / (tf + K)
      if (variant === 'bm25l') score += (Math.log((N + 1) / (n + 0.5)) * (k1 + 1) * (c + delta)) / (k1 + c + delta)
      if (variant === 'bm25+') score += Math.log((N + 1) / n) * (delta + (tf * (k1 + 1)) / (tf + K))
    }
    return score
  })
}

const words = 'the cat sat on a mat dog'.split(' ')
const tokens = (maxLength: number) => fc.array(fc.constantFrom(...words), { maxLength })
const parameters = fc.record(
  {
    k1: fc.constantFrom(0, 0.9, 1.2, 5),
    b: fc.constantFrom(0, 0.4, 1),
    delta: fc.constantFrom(0, 0.5, 2),
    epsilon: fc.constantFrom(0, 0.25, 1),
    lossyNorms: fc.boolean(),
  },
  { requiredKeys: [] },
)

describe('bm25Scores', () => {
  it.each(BM25_VARIANTS)('%s equals its formula with any parameters', variant => {
    const docs = fc.array(tokens(60), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(docs, tokens(6), parameters, (collection, query, options) => {
        const expected = naive(collection, [...query, 'unseen'], { variant, ...options })
        const scores = bm25Scores(collection, [...query, 'unseen'], { variant, ...options })
        expect(scores).toHaveLength(expected.length)
        for (const [i, score] of scores.entries()) expect(score).toBeCloseTo(expected[i], 9)
      }),
    )
  })

  it('answers the example of its documentation', () => {
    const [first, second] = bm25Scores(
      [
        ['a', 'cat'],
        ['a', 'dog'],
      ],
      ['cat'],
    )
    expect(first).toBeCloseTo(Math.log(2) / 2.2, 12)
    expect(second).toBe(0)
  })

  it('counts a repeated query token again', () => {
    const docs = [['cat', 'dog'], ['dog']]
    const [once] = bm25Scores(docs, ['cat'])
    expect(bm25Scores(docs, ['cat', 'cat', 'cat'])[0]).toBeCloseTo(3 * once, 12)
  })

  it('can be negative with okapi, when most of the vocabulary is common', () => {
    expect(bm25Scores([['a'], ['a'], ['a', 'b']], ['a'], { variant: 'okapi' })[0]).toBeLessThan(0)
  })

  it('has no scores without documents, and zeros without tokens', () => {
    expect(bm25Scores([], ['cat'])).toEqual([])
    expect(bm25Scores([[], []], ['cat'])).toEqual([0, 0])
    expect(bm25Scores([['cat']], [])).toEqual([0])
  })

  it('treats words of the language like any other', () => {
    const score = bm25Scores([['constructor', '__proto__'], ['x']], ['__proto__', 'toString'])
    expect(score[0]).toBeGreaterThan(0)
    expect(score[1]).toBe(0)
  })

  it.each([
    [
      'variant must be one of lucene, robertson, okapi, atire, bm25l, bm25+, got tfidf',
      { variant: 'tfidf' as 'okapi' },
    ],
    ['k1 must be a finite number >= 0, got -1', { k1: -1 }],
    ['b must be in [0, 1], got 1.5', { b: 1.5 }],
    ['delta must be a finite number >= 0, got NaN', { delta: Number.NaN }],
    ['epsilon must be a finite number, got Infinity', { epsilon: Infinity }],
  ])('refuses: %s', (message, options) => {
    expect(() => bm25Scores([['a']], ['a'], options)).toThrow(`bm25Scores: ${message}`)
  })

  it('wants tokens, not text', () => {
    expect(() => bm25Scores(['a cat'] as unknown as string[][], ['cat'])).toThrow(
      'bm25Scores: docs must be a list of lists of strings',
    )
    expect(() => bm25Scores([['a']], 'cat' as unknown as string[])).toThrow(
      'bm25Scores: query must be a list of strings',
    )
    expect(() => bm25Scores([['a']], [1] as unknown as string[])).toThrow('bm25Scores: query must be a list of strings')
  })
})
