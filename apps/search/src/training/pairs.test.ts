import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Corpus } from '../data/corpus.ts'
import { RandomStream } from '../data/random.ts'
import { documentTokens, drawPair, dropWords, tokenizeCorpus } from './pairs.ts'

fc.configureGlobal({ seed: 1 })

// Tokens are numbers in the text; even ones begin a word.
const encode = (text: string): Int32Array => Int32Array.from(text.split(' ').filter(Boolean), Number)
const wordStarts = Uint8Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? 1 : 0))
const corpus: Corpus = {
  name: 'numbers',
  kind: 'wordnet',
  sampleQueries: [],
  documents: [
    { id: 'n0', title: '2', text: '10 11 12', examples: ['20 21', '22'], related: [1, 2] },
    { id: 'n1', title: '4', text: '30 31', examples: [], related: [0] },
    { id: 'n2', title: '6', text: '40', examples: [], related: [] },
  ],
}
const tokens = tokenizeCorpus(corpus, encode, wordStarts)

describe('tokenizeCorpus', () => {
  it('keeps the parts of every document apart', () => {
    expect([...tokens.titles[0]]).toEqual([2])
    expect([...tokens.texts[1]]).toEqual([30, 31])
    expect(tokens.examples[0].map(example => [...example])).toEqual([[20, 21], [22]])
    expect(tokens.related).toEqual([[1, 2], [0], []])
    expect([...documentTokens(tokens, 0)]).toEqual([2, 10, 11, 12])
  })
})

describe('dropWords', () => {
  it('leaves out whole words and never all of them', () => {
    const text = fc.array(fc.nat(99), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(text, fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(), (list, rate, seed) => {
        const words: number[][] = []
        for (const [i, token] of list.entries())
          if (i === 0 || token % 2 === 0) words.push([token])
          else words.at(-1)?.push(token)
        const rest = [...dropWords(Int32Array.from(list), wordStarts, rate, new RandomStream(seed))]
        expect(rest.length).toBeGreaterThan(0)
        let at = 0
        for (const word of words) if (word.every((token, i) => rest[at + i] === token)) at += word.length
        expect(at).toBe(rest.length)
      }),
    )
  })

  it('keeps all at rate 0, and about half of many words at rate 0.5', () => {
    const many = Int32Array.from({ length: 1000 }, (_, i) => 2 * (i % 50))
    expect(dropWords(many, wordStarts, 0, new RandomStream(1))).toEqual(many)
    const half = dropWords(many, wordStarts, 0.5, new RandomStream(1)).length
    expect(half).toBeGreaterThan(420)
    expect(half).toBeLessThan(580)
  })

  it('gives back an empty text', () => {
    expect(dropWords(new Int32Array(0), wordStarts, 0.5, new RandomStream(1))).toHaveLength(0)
  })
})

describe('drawPair', () => {
  const draw = (i: number, allowed: (i: number) => boolean, count = 400) => {
    const random = new RandomStream(5)
    return Array.from({ length: count }, () => drawPair(tokens, i, allowed, random))
  }

  it('asks with examples, title, neighbours and parts of the own text', () => {
    const queries = new Set(draw(0, () => true).map(({ query }) => [...query].join(' ')))
    for (const expected of ['20 21', '22', '2', '30 31', '4 30 31', '40', '6 40', '10 11', '12', '10 11 12'])
      expect(queries).toContain(expected)
  })

  it('shows the document with its title or without', () => {
    const documents = new Set(draw(0, () => true).map(({ document }) => [...document].join(' ')))
    expect(documents).toContain('10 11 12')
    expect(documents).toContain('2 10 11 12')
    expect([...documents].every(text => /^(2 )?(10 11|12|10 11 12)$/.test(text))).toBe(true)
  })

  it('takes nothing from a neighbour that is not allowed', () => {
    const used = new Set(draw(0, i => i !== 1).flatMap(({ query, document }) => [...query, ...document]))
    expect(used.has(40)).toBe(true)
    expect(used.has(30) || used.has(31) || used.has(4)).toBe(false)
  })

  it('is determined by the stream', () => {
    expect(draw(0, () => true, 20)).toEqual(draw(0, () => true, 20))
  })
})
