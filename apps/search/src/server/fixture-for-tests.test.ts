import { expect, it } from 'vitest'
import { createFixtureService } from './fixture-for-tests.ts'

const service = createFixtureService()

it('holds real entries with the identifiers of WordNet', () => {
  expect(service.corpus.documents).toBeGreaterThan(150)
  const [hit] = service.search('a small vessel for travel on water', { system: 'bm25', k: 1 }).hits
  expect(hit).toMatchObject({ title: 'boat', text: 'a small vessel for travel on water' })
  expect(hit.id).toMatch(/^n\d{8}$/)
})

it.each(service.systems)('%s ranks by falling score and keeps to k', system => {
  const { hits } = service.search('a small animal with soft fur', { system, k: 7 })
  expect(hits).toHaveLength(7)
  expect(hits.map(hit => hit.score)).toEqual(hits.map(hit => hit.score).sort((a, b) => b - a))
})

it('names the words of the query that an entry has', () => {
  const { hits } = service.search('soft fur', { system: 'hybrid', k: 1 })
  expect(hits[0]).toMatchObject({ title: 'cat, true cat', matched: ['soft', 'fur'] })
})
