import { utf8Length } from './utf8-length.ts'

/**
 * The byte alphabet of GPT-2 (Radford et al., 2019): one printable character for each byte, so that a byte string can
 * be handled as a text. Bytes 33-126, 161-172 and 174-255 stand for themselves, the other 68, in order, are U+0100, ...
 */
const BYTE_TO_CHARACTER = buildAlphabet()
const CHARACTER_TO_BYTE = new Map(BYTE_TO_CHARACTER.map((character, byte) => [character, byte]))

/** The 256 characters of the byte alphabet in byte order; what a byte-level trainer takes as `initialAlphabet`. */
export function byteAlphabet(): string[] {
  return [...BYTE_TO_CHARACTER]
}

/** The byte that a character of the alphabet stands for, or undefined when it stands for none. */
export function byteOfCharacter(character: string): number | undefined {
  return CHARACTER_TO_BYTE.get(character)
}

/** `text` in UTF-8, written in the byte alphabet. A lone surrogate becomes the bytes of U+FFFD. */
export function toByteAlphabet(text: string): string {
  let out = ''
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) {
      out += BYTE_TO_CHARACTER[unit]
    } else if (unit < 0x800) {
      out += BYTE_TO_CHARACTER[0xc0 | (unit >> 6)] + BYTE_TO_CHARACTER[0x80 | (unit & 0x3f)]
    } else {
      const codePoint = scalarValue(text, i)
      if (codePoint > 0xffff) {
        out += BYTE_TO_CHARACTER[0xf0 | (codePoint >> 18)] + BYTE_TO_CHARACTER[0x80 | ((codePoint >> 12) & 0x3f)]
        i++
      } else {
        out += BYTE_TO_CHARACTER[0xe0 | (codePoint >> 12)]
      }
      out += BYTE_TO_CHARACTER[0x80 | ((codePoint >> 6) & 0x3f)] + BYTE_TO_CHARACTER[0x80 | (codePoint & 0x3f)]
    }
  }
  return out
}

/**
 * Where each byte of `text` in UTF-8 comes from: entries 2k and 2k+1 are the UTF-16 start and end, shifted by `base`,
 * of the character that byte k belongs to.
 */
export function byteSpans(text: string, base: number): Int32Array {
  const spans: number[] = []
  for (let i = 0; i < text.length; i++) {
    const codePoint = text.codePointAt(i) as number
    const start = base + i
    if (codePoint > 0xffff) i++
    for (let k = 0; k < utf8Length(codePoint); k++) spans.push(start, base + i + 1)
  }
  return Int32Array.from(spans)
}

function scalarValue(text: string, index: number): number {
  const codePoint = text.codePointAt(index) as number
  return codePoint >= 0xd800 && codePoint <= 0xdfff ? 0xfffd : codePoint
}

function buildAlphabet(): string[] {
  let next = 0x100
  return Array.from({ length: 256 }, (_, byte) => {
    const printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174
    return String.fromCharCode(printable ? byte : next++)
  })
}
