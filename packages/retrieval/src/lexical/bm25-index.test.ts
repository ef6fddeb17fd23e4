import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeIndexFile } from '../file/index-file.ts'
import { jsonSection } from '../file/sections.ts'
import { BM25Index } from './bm25-index.ts'
import { bm25Scores } from './bm25-scores.ts'
import { BM25_VARIANTS, type Bm25Options } from './bm25-variants.ts'

fc.configureGlobal({ seed: 1 })

const words = ['the', 'the', 'the', 'a', 'a', 'cat', 'dog', 'sat', 'mat', 'owl', 'emu']
const tokens = (maxLength: number) => fc.array(fc.constantFrom(...words), { maxLength })
const collection = fc.array(tokens(12), { maxLength: 40 })
const options = fc.record(
  {
    variant: fc.constantFrom(...BM25_VARIANTS),
    k1: fc.constantFrom(0, 1.2, 3),
    b: fc.constantFrom(0, 0.75, 1),
    lossyNorms: fc.boolean(),
  },
  { requiredKeys: ['variant'] },
)

/** What search must return, by scoring every document. */
function exhaustive(docs: string[][], query: string[], settings: Bm25Options, k: number) {
  const scores = bm25Scores(docs, query, settings)
  return docs
    .map((doc, id) => ({ id, score: scores[id], terms: [...new Set(query)].filter(token => doc.includes(token)) }))
    .filter(({ terms }) => terms.length > 0)
    .sort((a, b) => b.score - a.score || a.id - b.id)
    .slice(0, k)
}

function indexOf(docs: string[][], settings: Bm25Options = {}): BM25Index {
  const index = new BM25Index(settings)
  index.add([...docs.keys()], docs)
  return index
}

/** A reproducible stream of numbers in [0, 1). */
function* stream(seed: number): Generator<number> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    yield state / 2 ** 32
  }
}

describe('BM25Index.search', () => {
  it('equals exhaustive scoring bit for bit, ties and matched terms included', () => {
    fc.assert(
      fc.property(collection, tokens(6), options, fc.integer({ min: 1, max: 50 }), (docs, query, settings, k) => {
        expect(indexOf(docs, settings).search([...query, 'unseen'], { k })).toEqual(
          exhaustive(docs, query, settings, k),
        )
      }),
      { numRuns: 300 },
    )
  })

  it('equals it on a collection of many windows with words of very different frequency', () => {
    const random = stream(1)
    const next = () => random.next().value as number
    const docs = Array.from({ length: 9000 }, () =>
      Array.from({ length: 1 + Math.floor(12 * next()) }, () => `w${Math.floor(2000 * next() ** 4)}`),
    )
    for (const variant of BM25_VARIANTS) {
      const index = indexOf(docs, { variant })
      for (let q = 0; q < 5; q++) {
        const query = Array.from({ length: 10 }, () => `w${Math.floor(2000 * next() ** 3)}`)
        expect(index.search(query, { k: 20 })).toEqual(exhaustive(docs, query, { variant }, 20))
      }
    }
  })

  it('answers the example of its documentation', () => {
    const index = new BM25Index({ analyzer: { stemmer: 'porter' } })
    index.add(['a', 'b'], ['Cats purr.', 'Dogs bark at cats.'])
    expect(index.search('barking dogs')[0].terms).toEqual(['bark', 'dog'])
  })

  it('filters before it counts', () => {
    fc.assert(
      fc.property(collection, tokens(4), fc.integer({ min: 1, max: 5 }), (docs, query, k) => {
        const hits = indexOf(docs).search(query, { k, filter: id => (id as number) % 2 === 1 })
        const all = exhaustive(docs, query, {}, docs.length + 1)
        expect(hits).toEqual(all.filter(({ id }) => id % 2 === 1).slice(0, k))
      }),
    )
  })

  it('is empty for an empty index, an empty query and unknown words', () => {
    expect(new BM25Index().search('cat')).toEqual([])
    const index = indexOf([['cat'], []])
    expect(index.search('')).toEqual([])
    expect(index.search('unicorn')).toEqual([])
    expect(index.searchBatch(['cat', 'unicorn']).map(hits => hits.length)).toEqual([1, 0])
  })
})

describe('BM25Index.add and remove', () => {
  type Command = { kind: 'add'; id: number; tokens: string[] } | { kind: 'remove'; id: number } | { kind: 'search' }
  const command: fc.Arbitrary<Command> = fc.oneof(
    fc.record({ kind: fc.constant('add' as const), id: fc.nat(9), tokens: tokens(6) }),
    fc.record({ kind: fc.constant('remove' as const), id: fc.nat(9) }),
    fc.constant({ kind: 'search' as const }),
  )

  it('after any changes equals an index of the living documents, idf and lengths included', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 30 }), options, (commands, settings) => {
        const index = new BM25Index(settings)
        const model = new Map<number, string[]>()
        for (const step of commands) {
          if (step.kind === 'add') {
            index.add([step.id], [step.tokens], { onConflict: 'replace' })
            model.delete(step.id)
            model.set(step.id, step.tokens)
          } else if (step.kind === 'remove') {
            expect(index.remove([step.id])).toBe(model.delete(step.id) ? 1 : 0)
          } else {
            index.search(['the', 'cat'])
          }
        }
        const ids = [...model.keys()]
        const expected = exhaustive([...model.values()], ['the', 'cat', 'emu'], settings, 10)
        expect(index.search(['the', 'cat', 'emu'])).toEqual(expected.map(hit => ({ ...hit, id: ids[hit.id] })))
        expect(index.size).toBe(model.size)
      }),
    )
  })

  it('adds all or nothing', () => {
    const index = indexOf([['cat']])
    expect(() => index.add(['x', 0], [['dog'], ['dog']])).toThrow(
      "BM25Index.add: id 0 is in the index already; onConflict: 'replace' replaces it",
    )
    expect([index.size, index.has('x'), index.search('dog').length]).toEqual([1, false, 0])
  })

  it('names what is wrong with a call', () => {
    const index = indexOf([['cat']])
    expect(() => index.add(['x'], [])).toThrow('BM25Index.add: got 1 ids for 0 documents')
    expect(() => index.add('x' as never, ['a'])).toThrow('BM25Index.add: ids must be a list, got x')
    expect(() => index.add(['x'], 'a' as never)).toThrow('BM25Index.add: documents must be a list, got a')
    expect(() => index.remove('x' as never)).toThrow('BM25Index.remove: ids must be a list, got x')
    expect(() => index.searchBatch('cat' as never)).toThrow('BM25Index.searchBatch: queries must be a list, got cat')
    expect(() => index.add(['x'], [5 as unknown as string])).toThrow(
      'BM25Index.add: documents[0] must be a text or a list of strings',
    )
    expect(() => index.add([0.5], ['a'])).toThrow('BM25Index.add: an id must be a string or an integer, got 0.5')
    expect(() => index.search('cat', { k: 0 })).toThrow('BM25Index.search: k must be an integer >= 1, got 0')
    expect(() => index.search(null as unknown as string)).toThrow(
      'BM25Index.search: query must be a text or a list of strings',
    )
    expect(() => new BM25Index({ variant: 'bm26' as 'bm25l' })).toThrow(
      'BM25Index: variant must be one of lucene, robertson, okapi, atire, bm25l, bm25+, got bm26',
    )
  })
})

describe('BM25Index.matchedTerms', () => {
  it('tells the words that a document shares with a query', () => {
    const index = new BM25Index({ analyzer: { stopWords: 'english', stemmer: 'porter' } })
    index.add(['a', 'b'], ['a small furry animal', 'the dog barks'])
    expect(index.matchedTerms('the furry animals that bark', 'a')).toEqual(['furri', 'anim'])
    expect(index.matchedTerms('the furry animals that bark', 'b')).toEqual(['bark'])
    expect(index.matchedTerms('furry', 'unknown')).toEqual([])
  })
})

describe('BM25Index.stats', () => {
  it('counts documents, terms, postings and lengths', () => {
    expect(indexOf([['a', 'b', 'a'], ['b'], []]).stats()).toEqual({
      count: 3,
      terms: 2,
      postings: 3,
      averageLength: 4 / 3,
      bytes: 3 * 5 + 2 * 12 + 3 * 12,
    })
    expect(new BM25Index().stats()).toEqual({ count: 0, terms: 0, postings: 0, averageLength: 0, bytes: 0 })
  })
})

describe('BM25Index.save and load', () => {
  it('brings back every property', () => {
    fc.assert(
      fc.property(collection, tokens(5), options, (docs, query, settings) => {
        const index = indexOf(docs, settings)
        const loaded = BM25Index.load(index.save())
        expect(loaded.parameters).toEqual(index.parameters)
        expect(loaded.stats()).toEqual(index.stats())
        expect(loaded.search(query)).toEqual(index.search(query))
        expect(loaded.save()).toEqual(index.save())
      }),
    )
  })

  it('brings back frequencies beyond a byte, odd ids and odd words', () => {
    const index = new BM25Index()
    index.add(['\ud800', 7, '7', ''], [new Array(300).fill('x'), ['\ud801', 'x'], ['x', '__proto__'], []])
    const loaded = BM25Index.load(index.save())
    for (const query of [['x'], ['\ud801'], ['__proto__']]) expect(loaded.search(query)).toEqual(index.search(query))
    expect(loaded.search(['x'])[0].id).toBe('\ud800')
  })

  it('keeps the options of the analyzer', () => {
    const index = new BM25Index({ analyzer: { stopWords: ['foo'], stemmer: 'porter' } })
    index.add([1], ['foo cats'])
    const loaded = BM25Index.load(index.save())
    expect(loaded.search('cat')).toHaveLength(1)
    expect(loaded.search('foo')).toHaveLength(0)
  })

  it('asks for an analyzer function again', () => {
    const analyzer = (text: string) => [...text]
    const index = new BM25Index({ analyzer })
    index.add([1], ['abc'])
    const bytes = index.save()
    expect(() => BM25Index.load(bytes)).toThrow(
      'BM25Index.load: the index was made with an analyzer function, pass it as analyzer',
    )
    expect(BM25Index.load(bytes, { analyzer }).search('b')).toHaveLength(1)
  })

  it('can be changed after it was loaded, and leaves the bytes alone', () => {
    const bytes = indexOf([['cat'], ['dog']]).save()
    const before = bytes.slice()
    const loaded = BM25Index.load(bytes)
    loaded.remove([0])
    loaded.add([2], [['cat', 'dog']])
    expect(loaded.search(['cat', 'dog']).map(({ id }) => id)).toEqual([2, 1])
    expect(bytes).toEqual(before)
  })
})

describe('BM25Index.load of files with right checksums and wrong content', () => {
  const sections = {
    offsets: Int32Array.of(0, 2, 3),
    documents: Int32Array.of(0, 1, 1),
    frequencies: Uint8Array.of(1, 2, 1),
    overflow: new Int32Array(0),
    lengths: Int32Array.of(1, 3),
    terms: jsonSection(['a', 'b']),
    ids: jsonSection(['x', 'y']),
  }
  const metadata = {
    count: 2,
    terms: 2,
    variant: 'lucene',
    k1: 1.2,
    b: 0.75,
    delta: 1,
    epsilon: 0.25,
    lossyNorms: false,
    analyzer: {},
  }
  const load = (change: Record<string, ArrayBufferView>, metadataChange = {}) =>
    BM25Index.load(
      encodeIndexFile({ kind: 1, metadata: { ...metadata, ...metadataChange }, sections: { ...sections, ...change } }),
    )

  it('opens the right one', () => {
    expect(load({}).search(['b'])[0].id).toBe('y')
  })

  it.each<[string, Record<string, ArrayBufferView>]>([
    ['section "offsets" does not cover section "documents"', { offsets: Int32Array.of(0, 2, 4) }],
    ['section "offsets" does not cover section "documents"', { offsets: Int32Array.of(1, 2, 3) }],
    ['section "offsets" does not ascend at term 1', { offsets: Int32Array.of(0, 3, 3) }],
    ['section "offsets" does not ascend at term 0', { offsets: Int32Array.of(0, -1, 3) }],
    ['section "documents" has row 0 at posting 1', { documents: Int32Array.of(0, 0, 1) }],
    ['section "documents" has row 2 at posting 2', { documents: Int32Array.of(0, 1, 2) }],
    ['section "documents" has row -1 at posting 0', { documents: Int32Array.of(-1, 1, 1) }],
    ['section "frequencies" has 0 at posting 1', { frequencies: Uint8Array.of(1, 0, 1) }],
    ['section "frequencies" has 0 at posting 1', { frequencies: Uint8Array.of(1, 255, 1) }],
    ['section "lengths" has 4 for row 1, its terms add up to 3', { lengths: Int32Array.of(1, 4) }],
    ['section "terms" must list 2 different entries', { terms: jsonSection(['a', 'a']) }],
    ['section "ids" must list 2 different entries', { ids: jsonSection(['x']) }],
  ])('refuses: %s', (message, change) => {
    expect(() => load(change)).toThrow(`BM25Index.load: ${message}`)
    expect(() => load(change)).toThrow(expect.objectContaining({ code: 'format' }))
  })

  it.each([
    ['metadata variant must be one of lucene, robertson, okapi, atire, bm25l, bm25+', { variant: 'x' }],
    ['metadata k1 must be a number', { k1: null }],
    ['metadata count must be a count', { count: 1.5 }],
  ])('refuses: %s', (message, change) => {
    expect(() => load({}, change)).toThrow(`BM25Index.load: ${message}`)
  })
})
