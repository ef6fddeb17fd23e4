import { SurprisalError } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { ByteLevel } from '../pre-tokenizers/byte-level.ts'
import { countWords, isWordCounts, requireWordCounts, type WordCounts } from './word-counts.ts'

describe('countWords', () => {
  it('counts in order of first appearance', () => {
    expect(countWords(['b a', 'b a b'], new ByteLevel())).toEqual([
      ['b', 2],
      ['Ġa', 2],
      ['Ġb', 1],
    ])
  })

  it('reads a generator once', () => {
    function* texts(): Generator<string> {
      yield 'x'
      yield 'x'
    }
    expect(countWords(texts(), new ByteLevel())).toEqual([['x', 2]])
  })

  it('treats names of object fields like any word', () => {
    expect(countWords(['__proto__'], new ByteLevel({ useRegex: false }))).toEqual([['__proto__', 1]])
  })

  it('names the text that is none', () => {
    const message = 'countWords: texts[1] must be a string, got 5'
    expect(() => countWords(['a', 5 as unknown as string], new ByteLevel())).toThrow(
      new SurprisalError('argument', message),
    )
  })
})

describe('isWordCounts', () => {
  it('goes by the first entry', () => {
    expect([isWordCounts([['a', 1]]), isWordCounts(['a']), isWordCounts([]), isWordCounts(new Set(['a']))]).toEqual([
      true,
      false,
      false,
      false,
    ])
  })
})

describe('requireWordCounts', () => {
  it('lets counts of 0 through', () => {
    expect(() => requireWordCounts([['a', 0]], 'f: corpus')).not.toThrow()
  })

  it.each([
    [['b', -1], '["b", -1]'],
    [['b', 1.5], '["b", 1.5]'],
    [['b'], '["b", nothing]'],
    [[1, 1], '[1, 1]'],
    ['b', '"b"'],
  ])('refuses %o', (entry, shown) => {
    const corpus = [['a', 1], entry] as unknown as WordCounts
    const message = `f: corpus[1] must be [word, count >= 0], got ${shown}`
    expect(() => requireWordCounts(corpus, 'f: corpus')).toThrow(new SurprisalError('argument', message))
  })
})
