import { describe, expect, it } from 'vitest'
import { initialSymbols, type SymbolRules } from './symbols.ts'
import { indexVocabulary } from './vocabulary.ts'

const hex = (byte: number): string => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`

function symbolsOf(word: string, tokens: string[], rules: Partial<SymbolRules> = {}): unknown[] {
  const symbols = initialSymbols(word, {
    vocab: indexVocabulary(tokens).ids,
    unkId: undefined,
    fuseUnk: false,
    byteFallback: false,
    continuingSubwordPrefix: '',
    endOfWordSuffix: '',
    ...rules,
  })
  return [...symbols.ids].map((id, i) => [tokens[id], symbols.starts[i], symbols.ends[i]])
}

describe('initialSymbols', () => {
  it('takes code points, not UTF-16 units', () => {
    expect(symbolsOf('a😀b', ['a', 'b', '😀'])).toEqual([
      ['a', 0, 1],
      ['😀', 1, 3],
      ['b', 3, 4],
    ])
  })

  it('decorates all but the first by the prefix and the last by the suffix', () => {
    const tokens = ['a', '##a', '##a</w>', 'a</w>']
    const rules = { continuingSubwordPrefix: '##', endOfWordSuffix: '</w>' }
    expect(symbolsOf('aaa', tokens, rules)).toEqual([
      ['a', 0, 1],
      ['##a', 1, 2],
      ['##a</w>', 2, 3],
    ])
    expect(symbolsOf('a', tokens, rules)).toEqual([['a</w>', 0, 1]])
  })

  it('drops what is unknown when there is no unknown token, and keeps the true places', () => {
    expect(symbolsOf('xaxb', ['a', 'b'])).toEqual([
      ['a', 1, 2],
      ['b', 3, 4],
    ])
  })

  it('gives each unknown character an unknown token', () => {
    expect(symbolsOf('xya', ['<unk>', 'a'], { unkId: 0 })).toEqual([
      ['<unk>', 0, 1],
      ['<unk>', 1, 2],
      ['a', 2, 3],
    ])
  })

  it('fuses a run of unknown characters, but not two runs', () => {
    expect(symbolsOf('xyaz', ['<unk>', 'a'], { unkId: 0, fuseUnk: true })).toEqual([
      ['<unk>', 0, 2],
      ['a', 2, 3],
      ['<unk>', 3, 4],
    ])
  })

  it('falls back to bytes, each with the place of the character', () => {
    const tokens = ['<unk>', 'a', hex(0xc3), hex(0xa9)]
    expect(symbolsOf('aé', tokens, { unkId: 0, byteFallback: true })).toEqual([
      ['a', 0, 1],
      ['<0xC3>', 1, 2],
      ['<0xA9>', 1, 2],
    ])
  })

  it('takes the unknown token when a byte token is missing', () => {
    const tokens = ['<unk>', 'a', hex(0xc3), hex(0x0a)]
    expect(symbolsOf('é\n', tokens, { unkId: 0, byteFallback: true, fuseUnk: true })).toEqual([
      ['<unk>', 0, 1],
      ['<0x0A>', 1, 2],
    ])
  })

  it('is empty for an empty word', () => {
    expect(symbolsOf('', ['a'])).toEqual([])
  })
})
