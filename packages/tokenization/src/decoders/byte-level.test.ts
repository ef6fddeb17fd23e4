import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toByteAlphabet } from '../bytes/alphabet.ts'
import { ByteLevel } from './byte-level.ts'

fc.configureGlobal({ seed: 1 })

const decode = (...tokens: string[]): string => new ByteLevel().decode(tokens)

describe('ByteLevel decoder', () => {
  it('reads words back', () => {
    expect(decode('Hello', 'Ġit', "'s", 'ĠÃ¼n', 'Ã¯', 'Ċ')).toBe("Hello it's ünï\n")
  })

  it('joins the bytes of a character that tokens split', () => {
    expect(decode('ð', 'ŁĺĢ')).toBe('😀')
  })

  it('writes bytes that are no UTF-8 as U+FFFD', () => {
    expect(decode('a', 'Ã', 'b')).toBe('a\ufffdb')
  })

  it('keeps a leading U+FEFF', () => {
    expect(decode(toByteAlphabet('\ufeffx'))).toBe('\ufeffx')
  })

  it('takes a token with a foreign character as the text that it is', () => {
    expect(decode('a', 'two words', '日本', '<|end|>')).toBe('atwo words日本<|end|>')
  })

  it('inverts the byte alphabet on every well-formed text', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), parts => {
        expect(new ByteLevel().decode(parts.map(toByteAlphabet))).toBe(parts.join('').toWellFormed())
      }),
    )
  })

  it('gives nothing for nothing', () => {
    expect(decode()).toBe('')
  })

  it('saves its options by the names of the file format', () => {
    expect(new ByteLevel({ useRegex: false }).toJSON()).toEqual({
      type: 'ByteLevel',
      add_prefix_space: true,
      trim_offsets: true,
      use_regex: false,
    })
  })
})
