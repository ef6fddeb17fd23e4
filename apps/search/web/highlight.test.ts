import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { highlight } from './highlight.ts'

const marked = (text: string, words: string[]) =>
  highlight(text, words)
    .filter(segment => segment.marked)
    .map(segment => segment.text)

describe('highlight', () => {
  it('splits at the words and keeps everything between them', () => {
    expect(highlight('a small, furry animal', ['small', 'animal'])).toEqual([
      { text: 'a ', marked: false },
      { text: 'small', marked: true },
      { text: ', furry ', marked: false },
      { text: 'animal', marked: true },
    ])
  })

  it('looks past case, accents and common endings', () => {
    expect(marked('Cats purring; the CAFÉ’s berries moved', ['cat', 'purrs', 'cafe', 'berry', 'moving'])).toEqual([
      'Cats',
      'purring',
      'CAFÉ’s',
      'berries',
      'moved',
    ])
  })

  it('marks whole words only, and short words as they are', () => {
    expect(marked('concatenate the ants; he is an ant', ['cat', 'ant', 'he'])).toEqual(['ants', 'he', 'ant'])
  })

  it('marks nothing without words', () => {
    expect(highlight('a cat', [])).toEqual([{ text: 'a cat', marked: false }])
    expect(highlight('', ['cat'])).toEqual([])
  })

  it('gives pieces that join to the text, neither empty nor twice unmarked in a row', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.array(fc.string({ maxLength: 3 })), (text, words) => {
        const segments = highlight(text, words)
        expect(segments.map(segment => segment.text).join('')).toBe(text)
        expect(segments.every(segment => segment.text !== '')).toBe(true)
        expect(segments.some((segment, i) => i > 0 && !segment.marked && !segments[i - 1].marked)).toBe(false)
      }),
    )
  })
})
