import { SurprisalError } from '@surprisal/tensor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BPE } from '../models/bpe.ts'
import { type AddedToken, AddedTokens } from './added-tokens.ts'

fc.configureGlobal({ seed: 1 })

const MODEL = new BPE({ vocab: ['x', 'y', '<s>'], merges: [] })

function split(text: string, ...tokens: (Partial<AddedToken> & { content: string })[]): string[] {
  const added = new AddedTokens(
    tokens.map((token, index) => ({ id: 10 + index, ...token })),
    MODEL,
  )
  return added.split(text).map(({ start, end, token }) => (token === null ? '' : '*') + text.slice(start, end))
}

describe('AddedTokens.split', () => {
  it('cuts the text at the tokens', () => {
    expect(split('a[M]b[M]', { content: '[M]' })).toEqual(['a', '*[M]', 'b', '*[M]'])
  })

  it('takes the leftmost and of those the longest', () => {
    expect(split('aabab', { content: 'ab' }, { content: 'aba' }, { content: 'b' })).toEqual(['a', '*aba', '*b'])
  })

  it('takes signs of regular expressions as they are', () => {
    const content = '<|a.b*(c)[d]{e}\\^$+?/-|>'
    expect(split(`x${content}`, { content })).toEqual(['x', `*${content}`])
    expect(split('<|axb|>', { content: '<|a.b|>' })).toEqual(['<|axb|>'])
  })

  it('swallows white space to the left and right', () => {
    expect(split('a \n[M]\u0085 b', { content: '[M]', lstrip: true })).toEqual(['a', '* \n[M]', '\u0085 b'])
    expect(split('a \n[M]\u0085 b', { content: '[M]', rstrip: true })).toEqual(['a \n', '*[M]\u0085 ', 'b'])
    expect(split('[M]\ufeff', { content: '[M]', rstrip: true })).toEqual(['*[M]', '\ufeff'])
  })

  it('swallows no white space twice', () => {
    const both = { content: '[M]', lstrip: true, rstrip: true }
    expect(split('[M]  [M]', both)).toEqual(['*[M]  ', '*[M]'])
  })

  it('leaves a single-word token that a word continues', () => {
    const word = { content: 'ab', singleWord: true }
    expect(split('ab cab abé ab! ab_ 𝒜ab', word)).toEqual(['*ab', ' cab abé ', '*ab', '! ab_ 𝒜ab'])
  })

  it('looks for normalized tokens in what the others leave', () => {
    expect(split('abc', { content: 'ab', normalized: true }, { content: 'bc' })).toEqual(['a', '*bc'])
    expect(split('abcab', { content: 'ab', normalized: true }, { content: 'c' })).toEqual(['*ab', '*c', '*ab'])
  })

  it('never finds an empty token, nor anything in an empty text', () => {
    expect(split('ab', { content: '' })).toEqual(['ab'])
    expect(split('', { content: '[M]' })).toEqual([])
  })

  it('covers the text without a gap', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '[M]', '😀', '\n') })
    const flags = fc.record({ lstrip: fc.boolean(), rstrip: fc.boolean(), singleWord: fc.boolean() })
    fc.assert(
      fc.property(text, flags, flags, (text, one, two) => {
        const pieces = split(text, { content: '[M]', ...one }, { content: 'ab', normalized: true, ...two })
        expect(pieces.map(piece => piece.replace('*', '')).join('')).toBe(text)
        expect(pieces).not.toContain('')
      }),
    )
  })

  it('takes a time linear in the text where white space is long', () => {
    const text = `${' '.repeat(100_000)}a`.repeat(2)
    expect(split(text, { content: 'a', lstrip: true })).toEqual(Array(2).fill(`*${' '.repeat(100_000)}a`))
  })
})

describe('AddedTokens', () => {
  it('finds tokens by content and by id', () => {
    const added = new AddedTokens([{ id: 2, content: '<s>' }], MODEL)
    expect(added.byId(2)).toBe(added.byContent('<s>'))
    expect([added.byId(0), added.byContent('x')]).toEqual([undefined, undefined])
  })

  it('fills in the defaults and saves by the names of the file format', () => {
    expect(new AddedTokens([{ id: 7, content: 'v' }], MODEL).toJSON()).toEqual([
      { id: 7, content: 'v', single_word: false, lstrip: false, rstrip: false, normalized: false, special: true },
    ])
  })

  it.each([
    [[{ id: 0, content: 'v' }], 'added_tokens[0].id must be the id of "v" alone, got 0: it belongs to "x"'],
    [[{ id: 9, content: 'x' }], 'added_tokens[0].id must be the id of "x" alone, got 9: the token has id 0'],
    [
      [
        { id: 9, content: 'v' },
        { id: 9, content: 'w' },
      ],
      'added_tokens[1].id must be the id of "w" alone, got 9: it belongs to "v"',
    ],
    [
      [
        { id: 8, content: 'v' },
        { id: 9, content: 'v' },
      ],
      'added_tokens[1].id must be the id of "v" alone, got 9: the token has id 8',
    ],
  ])('refuses %o', (tokens, message) => {
    expect(() => new AddedTokens(tokens, MODEL)).toThrow(new SurprisalError('format', `Tokenizer: ${message}`))
  })

  it.each([
    [{ id: 1.5, content: 'x' }, 'added_tokens[0].id must be an integer >= 0, got 1.5'],
    [{ id: 5 }, 'added_tokens[0].content must be a string, got nothing'],
  ])('refuses %o', (token, message) => {
    const make = (): AddedTokens => new AddedTokens([token as AddedToken], MODEL)
    expect(make).toThrow(new SurprisalError('argument', `Tokenizer: ${message}`))
  })
})
