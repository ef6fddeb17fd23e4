import { describe, expect, it } from 'vitest'
import type { Corpus, Document } from '../data/corpus.ts'
import { heldOutQueries, knownQueries } from './queries.ts'

const document = (id: string, examples: string[], related: number[]): Document => ({
  id,
  title: id,
  text: `about ${id}`,
  examples,
  related,
})
const corpus: Corpus = {
  name: 'small',
  kind: 'wordnet',
  sampleQueries: [],
  documents: [
    document('n0', ['zero one', 'zero two'], [1, 2]),
    document('n1', [], [0]),
    document('n2', ['two one'], []),
    document('n3', ['never asked'], [0]),
  ],
}

describe('heldOutQueries', () => {
  it('asks for examples, and for the neighbours of a text without itself', () => {
    expect(heldOutQueries(corpus, [0, 1, 2], { examples: 10, texts: 10 })).toEqual([
      {
        name: 'held-out example sentences, to find their synset',
        queries: [
          { query: 'zero one', relevant: ['n0'] },
          { query: 'zero two', relevant: ['n0'] },
          { query: 'two one', relevant: ['n2'] },
        ],
      },
      {
        name: 'held-out definitions, to find the synsets of near meaning',
        queries: [
          { query: 'about n0', relevant: ['n1', 'n2'], exclude: 'n0' },
          { query: 'about n1', relevant: ['n0'], exclude: 'n1' },
        ],
      },
    ])
  })

  it('takes queries evenly from the whole list, each once', () => {
    const many = { ...corpus, documents: Array.from({ length: 100 }, (_, i) => document(`n${i}`, [`q${i}`], [])) }
    const [{ queries }] = heldOutQueries(many, [...many.documents.keys()], { examples: 8, texts: 8 })
    expect(queries.map(({ query }) => query)).toEqual(['q0', 'q12', 'q25', 'q37', 'q50', 'q62', 'q75', 'q87'])
  })

  it('leaves out a set without queries, and names those of a folder', () => {
    const folder: Corpus = { ...corpus, kind: 'folder', documents: corpus.documents.map(d => ({ ...d, examples: [] })) }
    expect(heldOutQueries(folder, [0], { examples: 10, texts: 10 }).map(({ name }) => name)).toEqual([
      'held-out passages, to find the passages beside them',
    ])
    expect(heldOutQueries(folder, [], { examples: 10, texts: 10 })).toEqual([])
  })
})

describe('knownQueries', () => {
  const index = { has: (id: string) => corpus.documents.some(document => document.id === id) }

  it('leaves out ids that are not indexed, and queries that have none', () => {
    const queries = [
      { query: 'a', relevant: ['n0', 'n9'] },
      { query: 'b', relevant: ['n8'] },
      { query: 'c', relevant: ['n1'] },
    ]
    expect(knownQueries({ name: 'f.json', queries }, index)).toEqual({
      set: {
        name: 'f.json',
        queries: [
          { query: 'a', relevant: ['n0'] },
          { query: 'c', relevant: ['n1'] },
        ],
      },
      unknown: ['n9', 'n8'],
    })
  })

  it('refuses queries of which none can be answered', () => {
    const queries = [{ query: 'a', relevant: ['n02121620'] }]
    expect(() => knownQueries({ name: 'f.json', queries }, index)).toThrow(
      'search: f.json names no document that is indexed (n02121620, for example, is not); its ids must be of documents ' +
        'that --preset and --dir take in',
    )
  })
})
