import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Corpus, Document } from '../data/corpus.ts'
import { buildFolder, defaultCache } from './cache-folder.ts'

describe('defaultCache', () => {
  it.each([
    [{ XDG_CACHE_HOME: '/xdg' }, '/xdg/surprisal-search'],
    [{ XDG_CACHE_HOME: 'relative' }, join(homedir(), '.cache', 'surprisal-search')],
    [{ XDG_CACHE_HOME: '' }, join(homedir(), '.cache', 'surprisal-search')],
    [{}, join(homedir(), '.cache', 'surprisal-search')],
  ])('%j', (env, expected) => {
    expect(defaultCache(env)).toBe(expected)
  })
})

describe('buildFolder', () => {
  const document: Document = { id: 'n1', title: 'cat', text: 'feline', examples: ['a cat'], related: [1] }
  const corpusOf = (change: Partial<Document>, kind: Corpus['kind'] = 'wordnet'): Corpus => ({
    name: 'any',
    kind,
    sampleQueries: [],
    documents: [{ ...document, ...change }, document],
  })
  const options = { cache: '/cache', preset: 'tiny', seed: 0 } as const

  it('says what it is for, and is the same every time', () => {
    expect(buildFolder(corpusOf({}), options)).toMatch(/^\/cache\/wordnet-tiny-0-[0-9a-f]{12}$/)
    expect(buildFolder(corpusOf({}), options)).toBe(buildFolder(corpusOf({}), options))
  })

  it('is another one for all that changes what is built', () => {
    const folders = [
      buildFolder(corpusOf({}), options),
      buildFolder(corpusOf({ id: 'n2' }), options),
      buildFolder(corpusOf({ title: 'dog' }), options),
      buildFolder(corpusOf({ text: 'canine' }), options),
      buildFolder(corpusOf({ examples: [] }), options),
      buildFolder(corpusOf({ related: [] }), options),
      buildFolder(corpusOf({}, 'folder'), options),
      buildFolder(corpusOf({}), { ...options, seed: 1 }),
      buildFolder(corpusOf({}), { ...options, preset: 'small' }),
      buildFolder(corpusOf({}), { ...options, cache: '/other' }),
    ]
    expect(new Set(folders).size).toBe(folders.length)
  })
})
