import { describe, expect, it } from 'vitest'
import type { Corpus } from '../data/corpus.ts'
import { loadCorpus, sampleCorpus } from './load-corpus.ts'
import { presets } from './presets.ts'

const chain: Corpus = {
  name: 'chain',
  kind: 'wordnet',
  sampleQueries: ['q'],
  documents: Array.from({ length: 100 }, (_, i) => ({
    id: `n${i}`,
    title: '',
    text: '',
    examples: [],
    related: [i - 1, i + 1].filter(j => j >= 0 && j < 100),
  })),
}

describe('sampleCorpus', () => {
  it('keeps a corpus that is small enough as it is', () => {
    expect(sampleCorpus(chain, 100)).toBe(chain)
    expect(sampleCorpus(chain, Number.POSITIVE_INFINITY)).toBe(chain)
  })

  it('takes the same part every time, in order, with the relations that remain', () => {
    const { documents, ...rest } = sampleCorpus(chain, 40)
    expect(documents).toEqual(sampleCorpus(chain, 40).documents)
    expect(rest).toEqual({ name: 'chain', kind: 'wordnet', sampleQueries: ['q'] })
    const numbers = documents.map(({ id }) => Number(id.slice(1)))
    expect(new Set(numbers).size).toBe(40)
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
    documents.forEach(({ related }, i) => {
      const expected = [numbers[i] - 1, numbers[i] + 1].map(number => numbers.indexOf(number)).filter(j => j >= 0)
      expect(related).toEqual(expected)
    })
  })
})

describe('loadCorpus', () => {
  it('cuts WordNet to the size of the preset', async () => {
    const options = { dir: null, exclude: [], preset: 'tiny', seed: 0, cache: '/cache', rebuild: false } as const
    const { documents } = await loadCorpus(options)
    expect(documents).toHaveLength(presets.tiny.documents)
  })

  it('reads a folder where one is given', async () => {
    const options = {
      dir: '/nowhere/at/all',
      exclude: [],
      preset: 'tiny',
      seed: 0,
      cache: '/c',
      rebuild: false,
    } as const
    await expect(loadCorpus(options)).rejects.toThrow('search: folder /nowhere/at/all does not exist; check --dir')
  })
})
