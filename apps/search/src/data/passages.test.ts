import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitPassages } from './passages.ts'

fc.configureGlobal({ seed: 1 })

const words = (count: number, name = 'word'): string => Array.from({ length: count }, (_, i) => `${name}${i}`).join(' ')
const countWords = (text: string): number => text.split(/\s+/).filter(Boolean).length

describe('splitPassages', () => {
  it('joins short paragraphs under one heading', () => {
    expect(splitPassages('# A\n\none\n\ntwo\n\n# B\n\nthree', 'notes/a.md')).toEqual([
      { title: 'notes/a.md › A', text: 'one two', line: 3 },
      { title: 'notes/a.md › B', text: 'three', line: 9 },
    ])
  })

  it('does not join paragraphs under headings of the same name', () => {
    expect(splitPassages('# A\none\n# A\ntwo', 'a.md').map(({ line }) => line)).toEqual([2, 4])
  })

  it('begins a new passage when a paragraph would make it longer than 120 words', () => {
    const passages = splitPassages([words(70), words(40), words(30)].join('\n\n'), 'a.txt')
    expect(passages.map(({ line, text }) => [line, countWords(text)])).toEqual([
      [1, 110],
      [5, 30],
    ])
  })

  it('keeps a paragraph of up to 240 words whole', () => {
    expect(splitPassages(words(240), 'a.txt')).toHaveLength(1)
  })

  it('cuts a longer one between sentences, and knows the line of each part', () => {
    const sentence = (i: number): string => `${words(29, `s${i}w`)} end.`
    const text = `first line\n${Array.from({ length: 12 }, (_, i) => sentence(i)).join('\n')}`
    const passages = splitPassages(text, 'a.txt')
    expect(passages.every(({ text: part }) => part.endsWith('end.'))).toBe(true)
    expect(passages.map(({ line }) => line)).toEqual([1, 5, 9, 13].slice(0, passages.length))
    expect(passages.map(({ text: part }) => part).join(' ')).toBe(text.replaceAll('\n', ' '))
  })

  it('cuts between words where a sentence has no end, and within what has no words', () => {
    const endless = splitPassages(words(1000), 'a.txt')
    expect(endless.every(({ text }) => countWords(text) <= 120)).toBe(true)
    expect(endless.map(({ text }) => text).join(' ')).toBe(words(1000))
    const solid = splitPassages('🐈'.repeat(4000), 'a.txt')
    expect(solid.length).toBeGreaterThan(3)
    expect(solid.every(({ text }) => text.length <= 2400 && text.isWellFormed())).toBe(true)
    expect(solid.map(({ text }) => text).join('')).toBe('🐈'.repeat(4000))
  })

  it('is quick with millions of words on one line', () => {
    const started = performance.now()
    const passages = splitPassages('lorem ipsum '.repeat(500_000), 'a.txt')
    expect(passages.length).toBeGreaterThan(8000)
    expect(performance.now() - started).toBeLessThan(15_000)
  })

  it('loses no word and invents none', () => {
    const line = fc.oneof(
      fc.constantFrom('', '```', '~~~', '---', 'plain words. More', '    indented'),
      fc.string({ unit: fc.constantFrom('a', 'b', '.', ' ', '猫'), maxLength: 40 }),
    )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), lines => {
        const text = lines.join('\n')
        const passages = splitPassages(text, 'a.txt')
        expect(passages.map(passage => passage.text).join(' ')).toBe(text.split(/\s+/).filter(Boolean).join(' '))
        for (const { line: at, text: found } of passages)
          expect(lines[at - 1].trim().split(/\s+/)[0].startsWith(found.split(' ')[0])).toBe(true)
      }),
    )
  })
})
