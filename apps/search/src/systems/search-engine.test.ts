import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Build } from '../pipeline/build.ts'
import { silentProgress } from '../pipeline/progress.ts'
import { topicCorpus } from '../training/corpus-for-tests.ts'
import { type SearchEngine, systemNames } from './search-engine.ts'

let cache: string
let engine: SearchEngine

beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), 'surprisal-engine-'))
  const options = { dir: null, exclude: [], preset: 'tiny', seed: 0, cache, rebuild: false } as const
  const [document, ...rest] = topicCorpus.documents
  const corpus = { ...topicCorpus, documents: [{ ...document, location: 'a.md:7' }, ...rest] }
  engine = await (await Build.open(corpus, options, silentProgress, new AbortController().signal)).run()
}, 60_000)
afterAll(() => rm(cache, { recursive: true }))

describe('SearchEngine', () => {
  it('describes what it searches', () => {
    expect(engine.corpus).toEqual({ name: 'topics', documents: topicCorpus.documents.length, examples: [] })
    expect(engine.systems).toEqual(systemNames)
    expect(engine.has('n00')).toBe(true)
    expect(engine.has('n99')).toBe(false)
  })

  it.each(systemNames)('%s ranks the documents of the topic first, by falling score', system => {
    const ranking = engine.rank('rain from a cloud', { system, k: 5 })
    expect(ranking).toHaveLength(5)
    expect(ranking.map(({ id }) => id.at(-1))).toEqual(['4', '4', '4', '4', '4'])
    const scores = ranking.map(({ score }) => score)
    expect(scores).toEqual([...scores].sort((a, b) => b - a))
    expect(new Set(ranking.map(({ id }) => id)).size).toBe(5)
  })

  it.each(systemNames)('%s gives all that it has when asked for more', system => {
    const ranking = engine.rank('cloud', { system, k: 1000 })
    expect(ranking.length).toBeGreaterThan(0)
    expect(ranking.length).toBeLessThanOrEqual(topicCorpus.documents.length)
  })

  it.each(systemNames)('%s ranks for several queries at once as it does for each', system => {
    const queries = ['rain from a cloud', '', 'the cat', 'fur of animals', ' ']
    const options = { system, k: 7 }
    expect(engine.rankAll(queries, options)).toEqual(queries.map(query => engine.rank(query, options)))
    expect(engine.rankAll([], options)).toEqual([])
  })

  it.each(['', '  \n'])('finds nothing for %j', query => {
    for (const system of systemNames) expect(engine.rank(query, { system, k: 5 })).toEqual([])
  })

  it.each(['猫 🐈', '\ud800', 'x'.repeat(20_000), '__proto__ constructor'])('survives %j', query => {
    for (const system of systemNames) {
      const { hits } = engine.search(query, { system, k: 3 })
      expect(hits.every(({ score }) => Number.isFinite(score))).toBe(true)
    }
  })

  it('shows text, place and the words of the query that match, as they were typed', () => {
    const { hits, milliseconds } = engine.search('The CATS have furs', { system: 'bm25', k: 50 })
    expect(milliseconds).toBeGreaterThanOrEqual(0)
    const hit = hits.find(({ id }) => id === 'n00')
    expect(hit).toMatchObject({ title: 'cat', text: 'a thing of cat purr fur', location: 'a.md:7' })
    expect(hit?.matched).toEqual(['CATS', 'furs'])
    expect(hits.filter(({ id }) => id !== 'n00').every(other => !('location' in other))).toBe(true)
  })

  it('shows matching words also of what was found by meaning', () => {
    const { hits } = engine.search('the cat', { system: 'dense', k: 3 })
    expect(hits.some(({ matched }) => matched.includes('cat'))).toBe(true)
    expect(hits.every(({ matched }) => !matched.includes('the'))).toBe(true)
  })

  it('takes fewer bytes the shorter the codes are', () => {
    const bytes = Object.fromEntries(systemNames.map(system => [system, engine.bytesPerDocument(system)]))
    expect(bytes.dense).toBeCloseTo(256, -1)
    expect(bytes.student).toBeCloseTo(64, -1)
    expect(bytes.int8).toBeLessThan(bytes.dense / 3)
    expect(bytes.hybrid).toBeCloseTo(bytes.dense + bytes.bm25, 6)
    expect(Object.values(bytes).every(value => value > 0)).toBe(true)
  })
})
