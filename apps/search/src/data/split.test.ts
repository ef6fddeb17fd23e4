import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawPair, tokenizeCorpus } from '../training/pairs.ts'
import type { Corpus } from './corpus.ts'
import { RandomStream } from './random.ts'
import { isHeldOut, splitCorpus } from './split.ts'
import { loadWordNet } from './wordnet.ts'

fc.configureGlobal({ seed: 1 })

const corpusOf = (ids: readonly string[], related: (i: number) => number[] = () => []): Corpus => ({
  name: 'made up',
  kind: 'wordnet',
  sampleQueries: [],
  documents: ids.map((id, i) => ({ id, title: `${i}`, text: `${i}`, examples: [`${i}`], related: related(i) })),
})
const synsets = (count: number): string[] => Array.from({ length: count }, (_, i) => `n${String(i).padStart(8, '0')}`)

describe('splitCorpus', () => {
  it('puts every document on one side, in order', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 300 }), ids => {
        const { training, heldOut } = splitCorpus(corpusOf(ids))
        expect([...training, ...heldOut].sort((a, b) => a - b)).toEqual(ids.map((_, i) => i))
        expect(training.length).toBeGreaterThan(0)
      }),
    )
  })

  it('depends on the id alone, whatever else there is', () => {
    const ids = synsets(2000)
    const inWhole = new Set(splitCorpus(corpusOf(ids)).heldOut.map(i => ids[i]))
    const part = ids.filter((_, i) => i % 3 === 0).reverse()
    const { training, heldOut } = splitCorpus(corpusOf(part))
    expect(heldOut.every(i => inWhole.has(part[i]))).toBe(true)
    expect(training.some(i => inWhole.has(part[i]))).toBe(false)
  })

  it('is the split that earlier versions made', () => {
    expect(synsets(300).filter(isHeldOut)).toMatchInlineSnapshot(`
      [
        "n00000045",
        "n00000089",
        "n00000113",
        "n00000144",
        "n00000179",
        "n00000221",
        "n00000270",
        "n00000296",
      ]
    `)
  })

  it('holds out about two documents in a hundred of WordNet', async () => {
    const { documents } = await loadWordNet()
    const share = documents.filter(({ id }) => isHeldOut(id)).length / documents.length
    expect(share).toBeGreaterThan(0.018)
    expect(share).toBeLessThan(0.022)
  })

  it('trains on a document that would otherwise be held out, when it is the only one', () => {
    const [only] = synsets(300).filter(isHeldOut)
    expect(splitCorpus(corpusOf([only]))).toEqual({ training: [0], heldOut: [] })
  })
})

describe('training pairs', () => {
  it('never hold anything of a document that is held out', () => {
    const ids = synsets(600)
    // Every document is the neighbour of many others, so that a leak through relations would show.
    const corpus = corpusOf(ids, i => [1, 2, 3, 5, 50].map(step => (i + step) % ids.length))
    const { training, heldOut } = splitCorpus(corpus)
    expect(heldOut.length).toBeGreaterThan(5)
    // The tokens of a document are its number, so that each token tells where it came from.
    const tokens = tokenizeCorpus(corpus, text => Int32Array.of(Number(text)), new Uint8Array(ids.length).fill(1))
    const hidden = new Set(heldOut)
    fc.assert(
      fc.property(fc.nat(), fc.nat(training.length - 1), (seed, at) => {
        const random = new RandomStream(seed)
        const allowed = new Set(training)
        for (let draw = 0; draw < 10; draw++) {
          const { query, document } = drawPair(tokens, training[at], i => allowed.has(i), random)
          expect([...query, ...document].filter(token => hidden.has(token))).toEqual([])
          expect([...document].every(token => token === training[at])).toBe(true)
        }
      }),
    )
  })
})
