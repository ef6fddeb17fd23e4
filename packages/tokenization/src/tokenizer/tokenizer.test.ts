import { SurprisalError } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { BPE } from '../models/bpe.ts'
import * as preTokenizers from '../pre-tokenizers/index.ts'
import { Tokenizer } from './tokenizer.ts'

const MODEL = new BPE({ vocab: ['a', 'b', 'ab', 'Ġ'], merges: [['a', 'b']] })
const TOKENIZER = new Tokenizer({
  model: MODEL,
  preTokenizer: new preTokenizers.ByteLevel(),
  addedTokens: [
    { id: 9, content: '<s>' },
    { id: 7, content: '[M]', special: false, lstrip: true },
  ],
})

describe('Tokenizer.encode', () => {
  it('gives each added token a word of its own', () => {
    expect(TOKENIZER.encode('ab <s>b')).toMatchObject({
      ids: [2, 3, 9, 1],
      tokens: ['ab', 'Ġ', '<s>', 'b'],
      offsets: [
        [0, 2],
        [2, 3],
        [3, 6],
        [6, 7],
      ],
      wordIds: [0, 1, 2, 3],
      specialTokensMask: [0, 0, 0, 0],
      overflowing: [],
    })
  })

  it('keeps the blanks that an added token has swallowed in its string', () => {
    expect(TOKENIZER.encode('a  [M]')).toMatchObject({ ids: [0, 7], tokens: ['a', '  [M]'] })
  })

  it('encodes a pair as sequence 1 with words and offsets of its own', () => {
    expect(TOKENIZER.encode('ab', 'b a')).toMatchObject({
      ids: [2, 1, 3, 0],
      offsets: [
        [0, 2],
        [0, 1],
        [1, 2],
        [2, 3],
      ],
      typeIds: [0, 1, 1, 1],
      wordIds: [0, 0, 1, 1],
      sequenceIds: [0, 1, 1, 1],
    })
  })

  it('takes the whole text as one word without a pre-tokenizer', () => {
    expect(new Tokenizer({ model: MODEL }).encode('b!ab')).toMatchObject({
      ids: [1, 2],
      offsets: [
        [0, 1],
        [2, 4],
      ],
      wordIds: [0, 0],
    })
  })

  it('is empty for an empty text', () => {
    expect(TOKENIZER.encode('').length).toBe(0)
  })

  it.each([
    [[5], 'text must be a string, got 5'],
    [[undefined], 'text must be a string, got nothing'],
    [['a', 5], 'pair must be a string, got 5'],
    [['a', null, { offsetUnit: 'x' }], 'offsetUnit must be "utf16", "codepoint" or "byte", got "x"'],
  ])('refuses %o', (args, message) => {
    const encode = (): unknown => TOKENIZER.encode(...(args as [string]))
    expect(encode).toThrow(new SurprisalError('argument', `encode: ${message}`))
  })
})

describe('Tokenizer.encodeBatch', () => {
  it('encodes texts and pairs in order', () => {
    expect(TOKENIZER.encodeBatch(['ab', ['a', 'b'], '']).map(({ ids }) => ids)).toEqual([[2], [0, 1], []])
  })

  it('passes the options on', () => {
    const [encoding] = TOKENIZER.encodeBatch(['😀a'], { offsetUnit: 'codepoint' })
    expect(encoding.offsets).toEqual([[1, 2]])
  })
})

describe('Tokenizer.encodeIds', () => {
  it.each(['ab <s>b', '', ' [M]a', 'xyz', 'abab <s><s>'])('gives the ids of encode for %j', text => {
    expect([...TOKENIZER.encodeIds(text)]).toEqual(TOKENIZER.encode(text).ids)
  })

  it('refuses what is no string', () => {
    expect(() => TOKENIZER.encodeIds({} as string)).toThrow('encodeIds: text must be a string, got an object')
  })
})

describe('Tokenizer.decode', () => {
  it('joins tokens by blanks without a decoder, special ones left out', () => {
    expect(TOKENIZER.decode([9, 2, 7])).toBe('ab [M]')
    expect(TOKENIZER.decode(Int32Array.of(9, 2), { skipSpecialTokens: false })).toBe('<s> ab')
  })

  it.each([[-1], [4], [100], [1.5], [Number.NaN]])('names the id %s, which no token has', id => {
    const message = `decode: ids[1] must be the id of a token, got ${id}`
    expect(() => TOKENIZER.decode([0, id])).toThrow(new SurprisalError('index', message))
  })
})

describe('Tokenizer vocabulary', () => {
  it('counts added tokens outside of the model', () => {
    expect(TOKENIZER.vocabSize).toBe(6)
    expect(new Tokenizer({ model: MODEL, addedTokens: [{ id: 0, content: 'a' }] }).vocabSize).toBe(4)
  })

  it('knows tokens and ids, added ones too', () => {
    expect([TOKENIZER.tokenToId('ab'), TOKENIZER.tokenToId('<s>'), TOKENIZER.tokenToId('x')]).toEqual([2, 9, undefined])
    expect([TOKENIZER.idToToken(2), TOKENIZER.idToToken(9), TOKENIZER.idToToken(5)]).toEqual(['ab', '<s>', undefined])
  })
})
