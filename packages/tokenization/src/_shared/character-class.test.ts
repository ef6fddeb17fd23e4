import { describe, expect, it } from 'vitest'
import { characterClass, LETTER, NUMBER, OTHER, SPACE } from './character-class.ts'

describe('characterClass', () => {
  it.each([
    ['a', LETTER],
    ['é', LETTER],
    ['日', LETTER],
    ['ſ', LETTER],
    ['𝒜', LETTER],
    ['7', NUMBER],
    ['½', NUMBER],
    ['Ⅷ', NUMBER],
    ['𝟘', NUMBER],
    [' ', SPACE],
    ['\t', SPACE],
    ['\u3000', SPACE],
    ['\u2028', SPACE],
    ['!', OTHER],
    ['_', OTHER],
    ['\u0301', OTHER],
    ['\u200d', OTHER],
    ['😀', OTHER],
    ['\0', OTHER],
  ])('classifies %j', (character, expected) => {
    expect(characterClass(character.codePointAt(0) as number)).toBe(expected)
  })

  it('has U+0085 as white space and U+FEFF not, unlike \\s', () => {
    expect([characterClass(0x85), characterClass(0xfeff)]).toEqual([SPACE, OTHER])
    expect([/\s/.test('\u0085'), /\s/.test('\ufeff')]).toEqual([false, true])
  })

  it('agrees with the Unicode properties on every code point of the first two planes', () => {
    const patterns = [/[^\p{L}\p{N}\p{White_Space}]/u, /\p{L}/u, /\p{N}/u, /\p{White_Space}/u]
    const wrong: number[] = []
    for (let codePoint = 0; codePoint < 0x20000; codePoint++) {
      if (!patterns[characterClass(codePoint)].test(String.fromCodePoint(codePoint))) wrong.push(codePoint)
    }
    expect(wrong).toEqual([])
  })

  it('reaches the last code point', () => {
    expect(characterClass(0x10ffff)).toBe(OTHER)
  })
})
