import { SurprisalError } from '@surprisal/tensor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BPE, type BpeOptions } from './bpe.ts'

fc.configureGlobal({ seed: 1 })

const LOW: BpeOptions = {
  vocab: ['l', 'o', 'w', 'e', 'r', 'lo', 'low', 'er', 'lower'],
  merges: [
    ['l', 'o'],
    ['lo', 'w'],
    ['e', 'r'],
  ],
}

function tokensOf(model: BPE, word: string): (string | undefined)[] {
  return [...model.encodeWord(word).ids].map(id => model.idToToken(id))
}

describe('BPE', () => {
  it('merges by rank', () => {
    expect(tokensOf(new BPE(LOW), 'lower')).toEqual(['low', 'er'])
    expect(tokensOf(new BPE(LOW), 'wolow')).toEqual(['w', 'o', 'low'])
  })

  it('tells where each token stands', () => {
    const { starts, ends } = new BPE(LOW).encodeWord('lower')
    expect([[...starts], [...ends]]).toEqual([
      [0, 3],
      [3, 5],
    ])
  })

  it('takes a word that is a token as a whole with ignoreMerges', () => {
    const model = new BPE({ ...LOW, ignoreMerges: true })
    expect(tokensOf(model, 'lower')).toEqual(['lower'])
    expect(tokensOf(model, 'lowerer')).toEqual(['low', 'er', 'er'])
  })

  it('works with prefix and suffix', () => {
    const model = new BPE({
      vocab: ['a', '##b', '##b</w>', 'ab', 'abb</w>'],
      merges: [
        ['a', '##b'],
        ['ab', '##b</w>'],
      ],
      continuingSubwordPrefix: '##',
      endOfWordSuffix: '</w>',
    })
    expect(tokensOf(model, 'abb')).toEqual(['abb</w>'])
  })

  it('uses the unknown token and fuses it', () => {
    const vocab = ['<unk>', 'a']
    expect(tokensOf(new BPE({ vocab, merges: [], unkToken: '<unk>' }), 'xya')).toEqual(['<unk>', '<unk>', 'a'])
    expect(tokensOf(new BPE({ vocab, merges: [], unkToken: '<unk>', fuseUnk: true }), 'xya')).toEqual(['<unk>', 'a'])
  })

  it('gives equal results whatever the cache holds', () => {
    const words = fc.array(fc.string({ unit: fc.constantFrom('l', 'o', 'w', 'e', 'r', 'x') }))
    fc.assert(
      fc.property(words, fc.nat({ max: 4 }), (words, cacheCapacity) => {
        const [cached, plain] = [new BPE({ ...LOW, cacheCapacity }), new BPE({ ...LOW, cacheCapacity: 0 })]
        for (const word of [...words, ...words]) expect(cached.encodeWord(word)).toEqual(plain.encodeWord(word))
      }),
    )
  })

  it('remembers words until it is told to forget', () => {
    const model = new BPE(LOW)
    const first = model.encodeWord('lower')
    expect(model.encodeWord('lower')).toBe(first)
    model.clearCache()
    expect(model.encodeWord('lower')).not.toBe(first)
    expect(model.encodeWord('lower')).toEqual(first)
  })

  it('does not remember words of more than 256 units', () => {
    const model = new BPE(LOW)
    const long = 'l'.repeat(257)
    expect(model.encodeWord(long)).not.toBe(model.encodeWord(long))
  })

  it('knows its vocabulary', () => {
    const model = new BPE({
      vocab: new Map([
        ['b', 7],
        ['a', 0],
      ]),
      merges: [],
    })
    expect([model.vocabSize, model.tokenToId('b'), model.tokenToId('c')]).toEqual([2, 7, undefined])
    expect([model.idToToken(7), model.idToToken(1), model.idToToken(-1)]).toEqual(['b', undefined, undefined])
  })

  it('saves the model section, tokens named like object fields included', () => {
    const model = new BPE({ vocab: ['__proto__', 'a', 'aa'], merges: [['a', 'a']], unkToken: 'a', byteFallback: true })
    expect(JSON.parse(JSON.stringify(model))).toEqual({
      type: 'BPE',
      dropout: null,
      unk_token: 'a',
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: true,
      ignore_merges: false,
      vocab: JSON.parse('{"__proto__": 0, "a": 1, "aa": 2}'),
      merges: [['a', 'a']],
    })
  })

  it.each([
    [{ unkToken: '?' }, 'format', 'BPE: model.unk_token must be a token of model.vocab, got "?"'],
    [{ cacheCapacity: -1 }, 'argument', 'BPE: cacheCapacity must be an integer >= 0, got -1'],
  ] as const)('refuses %o', (options, code, message) => {
    expect(() => new BPE({ ...LOW, ...options })).toThrow(new SurprisalError(code, message))
  })

  it('refuses a word that is no string', () => {
    expect(() => new BPE(LOW).encodeWord(1 as unknown as string)).toThrow('encodeWord: word must be a string, got 1')
  })
})
