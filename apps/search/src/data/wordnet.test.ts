import { describe, expect, it } from 'vitest'
import { loadWordNet, toDocuments } from './wordnet.ts'

describe('toDocuments', () => {
  it('turns pointers into positions, each once, and drops those that lead nowhere or back', () => {
    const synset = (id: string, pointers: string[]) => ({
      id,
      lemmas: ['x', 'x', 'y'],
      definition: id,
      examples: [],
      pointers,
    })
    const documents = toDocuments([synset('n1', ['n2', 'n2', 'n9']), synset('n2', ['n1', 'n2'])])
    expect(documents.map(({ related }) => related)).toEqual([[1], [0]])
    expect(documents[0].title).toBe('x, y')
  })
})

describe('loadWordNet', () => {
  it('reads the dictionary that is installed', async () => {
    const { documents, kind, sampleQueries } = await loadWordNet()
    expect(kind).toBe('wordnet')
    expect(documents.length).toBeGreaterThan(110_000)
    expect(new Set(documents.map(({ id }) => id)).size).toBe(documents.length)
    expect(documents.every(({ id, title, text }) => /^[nvar]\d{8}$/.test(id) && title !== '' && text !== '')).toBe(true)
    expect(documents.every(({ related }, i) => related.every(j => j !== i && j >= 0 && j < documents.length))).toBe(
      true,
    )
    const cats = documents.find(({ title }) => title === 'cat, true cat')
    expect(cats?.text).toMatch(/^feline mammal usually having thick soft fur/)
    expect(documents[cats?.related[0] ?? 0].title).toBe('feline, felid')
    expect(sampleQueries.length).toBeGreaterThan(2)
  })
})
