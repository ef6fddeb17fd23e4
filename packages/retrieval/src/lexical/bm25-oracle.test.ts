import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { BM25Index } from './bm25-index.ts'

/**
 * SQLite's full-text search has BM25 with k1 = 1.2, b = 0.75 and the idf of Robertson, of which it replaces values <= 0
 * by 1e-6; its porter tokenizer is a Porter stemmer over ASCII words. Texts here are ASCII words and spaces.
 */
function sqlite(texts: readonly string[]): (query: readonly string[]) => Map<number, number> {
  const database = new DatabaseSync(':memory:')
  database.exec("create virtual table documents using fts5(body, tokenize = 'porter ascii')")
  const insert = database.prepare('insert into documents(rowid, body) values (?, ?)')
  for (const [id, text] of texts.entries()) insert.run(id + 1, text)
  const select = database.prepare(
    'select rowid as id, -bm25(documents) as score from documents where documents match ?',
  )
  return query => {
    const rows = select.all(query.map(word => `"${word}"`).join(' OR ')) as { id: number; score: number }[]
    return new Map(rows.map(({ id, score }) => [id - 1, score]))
  }
}

/** Words with endings, so that the stemmers have something to do; short ones are common. */
function words(seed: number, count: number): string[] {
  const stems = 'cat hop relate nation happy run agree create form argue general motor probe troubl control'.split(' ')
  const endings = ['', 's', 'ed', 'ing', 'ation', 'ness', 'fully', 'izer', 'ement']
  let state = seed
  const next = (n: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) ** 2 * n)
  }
  return Array.from({ length: count }, () => stems[next(stems.length)] + endings[next(endings.length)])
}

describe('BM25Index beside SQLite', () => {
  const texts = Array.from({ length: 400 }, (_, i) => words(i + 1, 1 + ((i * 7) % 23)).join(' '))
  const index = new BM25Index({ variant: 'robertson', analyzer: { stemmer: 'porter' } })
  index.add([...texts.keys()], texts)
  const oracle = sqlite(texts)

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('finds the same documents with the same scores for query %i', seed => {
    const query = [...new Set(words(1000 + seed, 4))]
    const expected = oracle(query)
    const hits = index.search(query.join(' '), { k: texts.length })
    expect(new Set(hits.map(hit => hit.id))).toEqual(new Set(expected.keys()))
    for (const { id, score } of hits) expect(score).toBeCloseTo(expected.get(id as number)!, 4)
  })
})
