import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { byteAlphabet, byteOfCharacter, byteSpans, toByteAlphabet } from './alphabet.ts'

fc.configureGlobal({ seed: 1 })

const anyText = fc.string({ unit: 'binary' })
const loneSurrogates = fc.array(fc.constantFrom('\ud800', '\udc00', 'a', '😀')).map(parts => parts.join(''))

describe('byteAlphabet', () => {
  it('has 256 different characters', () => {
    expect(new Set(byteAlphabet()).size).toBe(256)
  })

  it('leaves printable bytes as they are and writes the others from U+0100 on', () => {
    const alphabet = byteAlphabet()
    expect([alphabet[0x21], alphabet[0x7e], alphabet[0xa1], alphabet[0xff]]).toEqual(['!', '~', '¡', 'ÿ'])
    expect([alphabet[0], alphabet[0x0a], alphabet[0x20], alphabet[0x7f], alphabet[0xa0], alphabet[0xad]]).toEqual([
      '\u0100',
      'Ċ',
      'Ġ',
      '\u0121',
      '\u0142',
      '\u0143',
    ])
  })

  it('is a fresh list each time', () => {
    byteAlphabet()[0] = 'x'
    expect(byteAlphabet()[0]).toBe('\u0100')
  })
})

describe('byteOfCharacter', () => {
  it('inverts the alphabet', () => {
    expect(byteAlphabet().map(byteOfCharacter)).toEqual(Array.from({ length: 256 }, (_, byte) => byte))
  })

  it('knows no other character', () => {
    expect([' ', '\n', '\u0144', '日', ''].map(byteOfCharacter)).toEqual(Array(5).fill(undefined))
  })
})

describe('toByteAlphabet', () => {
  it('writes what TextEncoder gives, lone surrogates included', () => {
    const alphabet = byteAlphabet()
    fc.assert(
      fc.property(fc.oneof(anyText, loneSurrogates), text => {
        const expected = Array.from(new TextEncoder().encode(text), byte => alphabet[byte]).join('')
        expect(toByteAlphabet(text)).toBe(expected)
      }),
    )
  })

  it('writes a blank as U+0120', () => {
    expect(toByteAlphabet(' ünï')).toBe('ĠÃ¼nÃ¯')
  })
})

describe('byteSpans', () => {
  it('gives every byte the span of its character', () => {
    expect([...byteSpans('aé😀', 10)]).toEqual([10, 11, 11, 12, 11, 12, 12, 14, 12, 14, 12, 14, 12, 14])
  })

  it('has one span for each character of toByteAlphabet, and they cover the text', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, loneSurrogates), text => {
        const spans = byteSpans(text, 0)
        expect(spans.length).toBe(2 * toByteAlphabet(text).length)
        let covered = ''
        for (let k = 0; k < spans.length; k += 2) {
          if (k === 0 || spans[k] !== spans[k - 2]) covered += text.slice(spans[k], spans[k + 1])
        }
        expect(covered).toBe(text)
      }),
    )
  })
})
