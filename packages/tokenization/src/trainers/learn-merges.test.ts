import { describe, expect, it } from 'vitest'
import { GrowingVocabulary } from './bpe-alphabet.ts'
import { learnMerges } from './learn-merges.ts'

function vocabularyOf(...tokens: string[]): GrowingVocabulary {
  const vocabulary = new GrowingVocabulary()
  for (const token of tokens) vocabulary.idOf(token)
  return vocabulary
}

const limits = { vocabSize: 100, minFrequency: 0, maxTokenLength: Number.POSITIVE_INFINITY, prefix: '' }

describe('learnMerges', () => {
  it('joins until no pair is left', () => {
    const vocabulary = vocabularyOf('a', 'b')
    expect(learnMerges([[0, 1, 0, 1]], [1], vocabulary, limits)).toEqual([
      ['a', 'b'],
      ['ab', 'ab'],
    ])
    expect(vocabulary.tokens).toEqual(['a', 'b', 'ab', 'abab'])
  })

  it('lists a merge whose result is a token already, without a new id', () => {
    const vocabulary = vocabularyOf('ab', 'a', 'b')
    expect(learnMerges([[1, 2]], [1], vocabulary, limits)).toEqual([['a', 'b']])
    expect(vocabulary.tokens).toEqual(['ab', 'a', 'b'])
  })

  it('never joins a pair that occurs zero times', () => {
    expect(learnMerges([[0, 1]], [0], vocabularyOf('a', 'b'), limits)).toEqual([])
  })

  it('stops at the minimal frequency', () => {
    const words = [
      [0, 1],
      [1, 0],
    ]
    expect(learnMerges(words, [3, 2], vocabularyOf('a', 'b'), { ...limits, minFrequency: 3 })).toEqual([['a', 'b']])
  })

  it('joins no token that covers too many characters; the prefix does not count', () => {
    const words = [[0, 1, 1, 1]]
    const merges = learnMerges(words, [1], vocabularyOf('a', '##a'), { ...limits, maxTokenLength: 2, prefix: '##' })
    expect(merges).toEqual([['##a', '##a']])
  })
})
