import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextGpt2Piece } from './gpt2-pattern.ts'

fc.configureGlobal({ seed: 1 })

const PATTERN =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu

function scan(text: string): string[] {
  const pieces: string[] = []
  for (let start = 0; start < text.length; ) {
    const end = nextGpt2Piece(text, start)
    pieces.push(text.slice(start, end))
    start = end
  }
  return pieces
}

const contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d", "'l", "'r", "'S", "'LL", "'ſ", "'"]
const spaces = [' ', '  ', '\t', '\n', '\r\n', '\u0085', '\u00a0', '\u2028', '\u3000', '\ufeff', '\u200b']
const letters = ['a', 'Z', 'é', 'e\u0301', '日本', 'ſ', '\u212a', '𝒜', 'ʰ', 'ไ', '\u0e31']
const others = ['1', '23', '½', '²', '𝟘', '!', '-', '_', '😀', '👩‍👧', '\ud800', '\udc00', '\0', '\u200d']
const nasty = fc
  .array(fc.constantFrom(...contractions, ...spaces, ...letters, ...others), { maxLength: 16 })
  .map(parts => parts.join(''))

describe('nextGpt2Piece', () => {
  it.each([
    ["Hello it's 12 ünï  x\n", ['Hello', ' it', "'s", ' 12', ' ünï', ' ', ' x', '\n']],
    ["don't WE'LL  ", ['don', "'t", ' WE', "'", 'LL', '  ']],
    ['a \n\n b', ['a', ' \n\n', ' b']],
    ['a\n\nb', ['a', '\n', '\n', 'b']],
    ["!'s 's", ["!'", 's', " '", 's']],
    ['\ufeff# title', ['\ufeff#', ' title']],
    ['y\u0085w', ['y', '\u0085', 'w']],
    ['', []],
  ])('splits %j', (text, pieces) => {
    expect(scan(text)).toEqual(pieces)
  })

  it('equals the regular expression on strings of what is nasty', () => {
    fc.assert(
      fc.property(nasty, text => {
        expect(scan(text)).toEqual(text.match(PATTERN) ?? [])
      }),
      { numRuns: 20_000 },
    )
  })

  it('equals the regular expression on strings of any code points', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), text => {
        expect(scan(text)).toEqual(text.match(PATTERN) ?? [])
      }),
      { numRuns: 2000 },
    )
  })
})
