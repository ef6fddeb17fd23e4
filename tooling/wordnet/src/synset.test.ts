import { describe, expect, it } from 'vitest'
import { parseGloss, parseSynset } from './synset.ts'

const cat =
  '02124272 05 n 02 cat 0 true_cat 0 003 @ 02123649 n 0000 ~ 02124475 n 0000 + 00123456 a 0101 | feline mammal; "the cat sat down"  '

describe('parseSynset', () => {
  it('reads words, near pointers and the gloss', () => {
    expect(parseSynset(cat, 'n')).toEqual({
      id: 'n02124272',
      lemmas: ['cat', 'true cat'],
      pointers: ['n02123649', 'a00123456'],
      definition: 'feline mammal',
      examples: ['the cat sat down'],
    })
  })

  it('skips the lines of the licence and empty ones', () => {
    expect(parseSynset('  1 This software and database is being provided to you', 'n')).toBeNull()
    expect(parseSynset('', 'n')).toBeNull()
  })

  it.each(['a', 'p', 'ip'])('takes the marker (%s) off an adjective', marker => {
    const line = `00003939 00 a 02 born(${marker}) 0 in_utero 0 000 | brought into existence`
    expect(parseSynset(line, 'a')?.lemmas).toEqual(['born', 'in utero'])
  })

  it('keeps parentheses that are no marker', () => {
    expect(parseSynset('00003939 00 n 01 f(x) 0 000 | a function', 'n')?.lemmas).toEqual(['f(x)'])
  })

  it('counts words in hexadecimal', () => {
    const words = Array.from({ length: 16 }, (_, i) => `w${i} 0`).join(' ')
    expect(parseSynset(`00000001 00 n 10 ${words} 000 | many`, 'n')?.lemmas).toHaveLength(16)
  })

  it('names satellites of adjectives as adjectives, and reads past the frames of verbs', () => {
    const line = '00002325 29 v 01 respire 1 002 & 00000002 s 0000 $ 00001740 v 0000 02 + 02 01 + 08 00 | breathe'
    expect(parseSynset(line, 'v')?.pointers).toEqual(['a00000002', 'v00001740'])
  })

  it.each([
    [
      '02124272 05 n 01 cat 0 000 no gloss',
      'a line must hold a gloss after "|", got 02124272 05 n 01 cat 0 000 no gloss',
    ],
    [
      '02124272 05 n 03 cat 0 000 | short',
      'a line must hold all of its fields, got 02124272 05 n 03 cat 0 000 | short',
    ],
    ['02124272 05 n 01 cat 0 002 @ 1 n 0 | gone', 'a line must hold all of its fields'],
    ['021 05 n 01 cat 0 000 | offset', 'a line must hold all of its fields'],
    ['02124272 05 n 00 000 | none', 'a line must hold all of its fields'],
  ])('refuses %s', (line, message) => {
    expect(() => parseSynset(line, 'n')).toThrow(message)
  })
})

describe('parseGloss', () => {
  it.each([
    ['feline mammal', 'feline mammal', []],
    ['a roar; "he let out a roar"; "a lion\'s roar"', 'a roar', ['he let out a roar', "a lion's roar"]],
    ['move fast: "run along"', 'move fast', ['run along']],
    ['the letter "b" in use', 'the letter "b" in use', []],
    ['of "rat" fame, "as in the novel"', 'of "rat" fame', ['as in the novel']],
    [
      '"wise as serpents and harmless as doves"',
      '"wise as serpents and harmless as doves"',
      ['wise as serpents and harmless as doves'],
    ],
    ['an "unclosed quote', 'an "unclosed quote', []],
    ['', '', []],
  ])('%s', (gloss, definition, examples) => {
    expect(parseGloss(gloss)).toEqual({ definition, examples })
  })
})
