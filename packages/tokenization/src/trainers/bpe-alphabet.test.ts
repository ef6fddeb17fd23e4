import { describe, expect, it } from 'vitest'
import { chooseAlphabet, GrowingVocabulary, segmentWords } from './bpe-alphabet.ts'

const UNLIMITED = Number.POSITIVE_INFINITY

describe('chooseAlphabet', () => {
  it('sorts by code point, not by UTF-16 unit', () => {
    expect(chooseAlphabet([['b😀a\uffee', 1]], [], UNLIMITED)).toEqual(['a', 'b', '\uffee', '😀'])
  })

  it('drops the rarest by weighted count, of equals the higher code point', () => {
    const words: [string, number][] = [
      ['aab', 2],
      ['c', 3],
      ['d', 2],
    ]
    expect(chooseAlphabet(words, [], 2)).toEqual(['a', 'c'])
    expect(chooseAlphabet(words, [], 3)).toEqual(['a', 'b', 'c'])
  })

  it('keeps the initial alphabet, which counts towards the limit', () => {
    expect(chooseAlphabet([['aab', 1]], ['z'], 2)).toEqual(['a', 'z'])
    expect(chooseAlphabet([['aab', 1]], ['x', 'y', 'z'], 2)).toEqual(['x', 'y', 'z'])
  })
})

describe('GrowingVocabulary', () => {
  it('numbers tokens as they come, each once', () => {
    const vocabulary = new GrowingVocabulary()
    expect(['a', 'b', 'a', '__proto__'].map(token => vocabulary.idOf(token))).toEqual([0, 1, 0, 2])
    expect(vocabulary.tokens).toEqual(['a', 'b', '__proto__'])
    expect([vocabulary.has('b'), vocabulary.has('toString')]).toEqual([true, false])
  })
})

describe('segmentWords', () => {
  function segment(words: string[], alphabet: string[], prefix: string, suffix: string): [number[][], string[]] {
    const vocabulary = new GrowingVocabulary()
    for (const character of alphabet) vocabulary.idOf(character)
    const counts = words.map((word): [string, number] => [word, 1])
    return [segmentWords(counts, vocabulary, prefix, suffix), vocabulary.tokens]
  }

  it('adds decorated symbols in order of first appearance', () => {
    expect(segment(['ba', 'ab'], ['a', 'b'], '##', '')).toEqual([
      [
        [1, 2],
        [0, 3],
      ],
      ['a', 'b', '##a', '##b'],
    ])
  })

  it('goes by the place in the full word where a character vanishes', () => {
    expect(segment(['xax'], ['a'], '##', '</w>')).toEqual([[[1]], ['a', '##a']])
    expect(segment(['axa'], ['a'], '##', '</w>')).toEqual([[[0, 1]], ['a', '##a</w>']])
  })
})
