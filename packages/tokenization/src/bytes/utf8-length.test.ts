import { expect, it } from 'vitest'
import { utf8Length } from './utf8-length.ts'

it.each([0, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xd800, 0xdfff, 0xffff, 0x10000, 0x10ffff])(
  'counts the bytes of code point %i as TextEncoder does',
  codePoint => {
    expect(utf8Length(codePoint)).toBe(new TextEncoder().encode(String.fromCodePoint(codePoint)).length)
  },
)
