import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { SearchHit } from '../server/types.ts'
import { colorsFor } from './colors.ts'
import { hitText, plain } from './results.ts'

const none = colorsFor({}, {})
const all = colorsFor({ isTTY: true }, {})
const hit: SearchHit = {
  id: 'n1',
  title: 'cat, true cat',
  text: 'feline mammal with soft fur; a cat (C++)',
  score: 0.12345,
  matched: ['fur', 'cat'],
}

describe('plain', () => {
  it.each([
    ['a\u001b[31mred\u001b[0m', 'a[31mred[0m'],
    ['bell\u0007 back\b del\u007f c1\u009b', 'bell back del c1'],
    ['one\r\ntwo\tthree\nfour', 'one two three four'],
    ['right\u202eot\u2066left\u2069', 'rightotleft'],
    ['naïve 猫 🐈', 'naïve 猫 🐈'],
  ])('%j', (text, expected) => {
    expect(plain(text)).toBe(expected)
  })
})

describe('hitText', () => {
  it('has rank, words, score, text and what matched', () => {
    expect(hitText(hit, 3, none)).toBe(
      ' 3. cat, true cat  0.123\n    feline mammal with soft fur; a cat (C++)\n    matched: fur, cat',
    )
  })

  it('has the place of a passage, and no line for matches where there are none', () => {
    expect(hitText({ ...hit, matched: [], location: 'notes/a.md:7' }, 12, none)).toBe(
      '12. cat, true cat  0.123\n    feline mammal with soft fur; a cat (C++)\n    notes/a.md:7',
    )
  })

  it('highlights whole words in any case, also those that look like patterns', () => {
    const text = 'Cat, cats and CAT; (C++) or c'
    const shown = hitText({ ...hit, text, matched: ['cat', 'c++'] }, 1, all)
    expect(shown).toContain(`${all.yellow('Cat')}, cats and ${all.yellow('CAT')}; (${all.yellow('C++')}) or c`)
    expect(stripVTControlCharacters(shown)).toBe(hitText({ ...hit, text, matched: ['cat', 'c++'] }, 1, none))
  })

  it('lets nothing through that would steer the terminal', () => {
    const evil = '\u001b]0;title\u0007\u001b[2J\r\n x'
    const shown = hitText({ ...hit, title: evil, text: evil, location: evil, matched: [evil] }, 1, none)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
    expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
    expect(shown.split('\n')).toHaveLength(4)
  })
})
