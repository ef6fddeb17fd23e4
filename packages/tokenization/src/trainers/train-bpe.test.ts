import { SurprisalError } from '@surprisal/tensor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { byteAlphabet } from '../bytes/alphabet.ts'
import { type TrainBpeOptions, trainBpe } from './train-bpe.ts'
import type { WordCounts } from './word-counts.ts'

fc.configureGlobal({ seed: 1 })

const SENNRICH: WordCounts = [
  ['low', 5],
  ['lower', 2],
  ['newest', 6],
  ['widest', 3],
]

/** The merge loop as defined: recount all pairs at each step. Only for plain words without options but the size. */
function recounting(words: WordCounts, vocabSize: number): { tokens: string[]; merges: [string, string][] } {
  const tokens = [...new Set(words.flatMap(([word]) => [...word]))].sort()
  let segmented = words.map(([word]) => [...word])
  const merges: [string, string][] = []
  while (tokens.length < vocabSize) {
    const counts = new Map<string, number>()
    segmented.forEach((word, w) => {
      for (let i = 0; i + 1 < word.length; i++) {
        const key = `${word[i]} ${word[i + 1]}`
        counts.set(key, (counts.get(key) ?? 0) + words[w][1])
      }
    })
    const ranked = [...counts].map(([key, count]): [number, number, number] => {
      const [left, right] = key.split(' ')
      return [count, tokens.indexOf(left), tokens.indexOf(right)]
    })
    ranked.sort((a, b) => b[0] - a[0] || a[1] - b[1] || a[2] - b[2])
    if (ranked.length === 0 || ranked[0][0] < 1) break
    const [left, right] = [tokens[ranked[0][1]], tokens[ranked[0][2]]]
    merges.push([left, right])
    if (!tokens.includes(left + right)) tokens.push(left + right)
    segmented = segmented.map(word => {
      const out: string[] = []
      for (const symbol of word) {
        if (out.at(-1) === left && symbol === right) out[out.length - 1] = left + right
        else out.push(symbol)
      }
      return out
    })
  }
  return { tokens, merges }
}

describe('trainBpe', () => {
  it('learns the example of the paper', () => {
    const { tokens, merges } = trainBpe(SENNRICH, { vocabSize: 22 })
    expect(tokens.slice(10, 14)).toEqual(['es', 'est', 'lo', 'low'])
    expect(merges.slice(0, 4)).toEqual([
      ['e', 's'],
      ['es', 't'],
      ['l', 'o'],
      ['lo', 'w'],
    ])
  })

  it('equals a full recount at each step', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 12 })
    const corpus = fc.array(fc.tuple(word, fc.nat({ max: 5 })), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(corpus, fc.integer({ min: 3, max: 30 }), (words, vocabSize) => {
        expect(trainBpe(words, { vocabSize })).toMatchObject(recounting(words, vocabSize))
      }),
      { numRuns: 300 },
    )
  })

  it('learns the merges that npm tokenizers 0.23.2 learns', () => {
    const texts = [
      'She sells sea shells by the sea shore;\n',
      "the shells she sells are sea shells, I'm sure.\n",
      'So if she sells sea shells on the sea shore,\n',
      "then I'm sure she sells sea shore shells.\n",
    ]
    const native = [
      "Ġ s|h e|Ġs e|l l|ll s|Ġs he|r e|Ġse a|Ġshe lls|t he|Ġse lls|h o|Ġs ho|Ġsho re|' m|u re|Ġ I",
      'Ġ the|Ġs ure|S o|S he|a re|b y|i f|o n|Ġ are|Ġ by|Ġ if|Ġ on|the n',
    ]
    const { merges } = trainBpe(texts, { initialAlphabet: [] })
    expect(merges.map(merge => merge.join(' '))).toEqual(native.flatMap(line => line.split('|')))
  })

  it('gives the same whatever the order of the words', () => {
    const options = { vocabSize: 30 }
    expect(trainBpe([...SENNRICH].reverse(), options)).toEqual(trainBpe(SENNRICH, options))
  })

  it('puts special tokens first, each once, and reports them', () => {
    const { tokens, specialTokens } = trainBpe([['ab', 1]], { specialTokens: ['<pad>', 'b', '<pad>'] })
    expect(tokens).toEqual(['<pad>', 'b', 'a', 'ab'])
    expect(specialTokens).toEqual(['<pad>', 'b'])
  })

  it('decorates symbols by prefix and suffix', () => {
    const words: WordCounts = [['aab', 2]]
    const options = { continuingSubwordPrefix: '##', endOfWordSuffix: '</w>' }
    expect(trainBpe(words, options)).toEqual({
      tokens: ['a', 'b', '##a', '##b</w>', 'aa', 'aab</w>'],
      merges: [
        ['a', '##a'],
        ['aa', '##b</w>'],
      ],
      specialTokens: [],
    })
  })

  it('limits the alphabet: a dropped character makes its neighbours adjacent', () => {
    expect(trainBpe([['axb', 3]], { initialAlphabet: ['a', 'b'], limitAlphabet: 2 })).toMatchObject({
      tokens: ['a', 'b', 'ab'],
      merges: [['a', 'b']],
    })
  })

  it('limits the length of tokens', () => {
    const words: WordCounts = [
      ['abc', 2],
      ['abcd', 1],
    ]
    expect(trainBpe(words, { maxTokenLength: 3 }).tokens).toEqual(['a', 'b', 'c', 'd', 'ab', 'abc'])
    expect(trainBpe(words, { maxTokenLength: 4 }).tokens.at(-1)).toBe('abcd')
    expect(trainBpe([['ab', 1]], { maxTokenLength: 1 }).merges).toEqual([])
  })

  it('cuts texts into byte-level words over all 256 bytes', () => {
    const { tokens, merges } = trainBpe(['low low', 'low'], { vocabSize: 259 })
    expect(new Set(tokens.slice(0, 256))).toEqual(new Set(byteAlphabet()))
    expect(merges).toEqual([
      ['l', 'o'],
      ['lo', 'w'],
      ['Ġ', 'low'],
    ])
  })

  it('reports its progress, at the end too', () => {
    const reports: number[] = []
    trainBpe(SENNRICH, { vocabSize: 14, onProgress: ({ tokens, vocabSize }) => reports.push(tokens, vocabSize) })
    expect(reports).toEqual([14, 14])
  })

  it('stops when it is aborted from onProgress', () => {
    const words = Array.from({ length: 400 }, (_, i): [string, number] => [
      String.fromCharCode(0x4e00 + i, 0x5e00 + i),
      1,
    ])
    const controller = new AbortController()
    const options = { onProgress: () => controller.abort(new Error('enough')), signal: controller.signal }
    expect(() => trainBpe(words, options)).toThrow('enough')
  })

  it('does not start when it is aborted before', () => {
    expect(() => trainBpe(SENNRICH, { signal: AbortSignal.abort(new Error('too late')) })).toThrow('too late')
  })

  it.each([
    [[], {}, 'corpus must hold at least one word, got none'],
    [['', ''], {}, 'corpus must hold at least one word, got none'],
    ['low', {}, 'corpus must be texts or word counts, got "low"'],
    [undefined, {}, 'corpus must be texts or word counts, got nothing'],
    [5, {}, 'corpus must be texts or word counts, got 5'],
    [[['a', -2]], {}, 'corpus[0] must be [word, count >= 0], got ["a", -2]'],
    [
      SENNRICH,
      { vocabSize: 9, specialTokens: ['<s>', '</s>'] },
      'vocabSize 9 < 2 special tokens + 10 alphabet symbols',
    ],
    [['a'], { vocabSize: 20 }, 'vocabSize 20 < 0 special tokens + 256 alphabet symbols'],
    [SENNRICH, { vocabSize: 0 }, 'vocabSize must be an integer >= 1, got 0'],
    [SENNRICH, { minFrequency: 0.5 }, 'minFrequency must be an integer >= 0, got 0.5'],
    [SENNRICH, { limitAlphabet: -1 }, 'limitAlphabet must be an integer >= 0, got -1'],
    [SENNRICH, { maxTokenLength: 0 }, 'maxTokenLength must be an integer >= 1, got 0'],
    [SENNRICH, { initialAlphabet: ['ab'] }, 'initialAlphabet must hold single characters, got "ab"'],
  ])('refuses %o with %o', (corpus, options, message) => {
    const train = (): unknown => trainBpe(corpus as WordCounts, options as TrainBpeOptions)
    expect(train).toThrow(new SurprisalError('argument', `trainBpe: ${message}`))
  })
})
