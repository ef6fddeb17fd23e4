import { characterClass, LETTER, SPACE } from '../_shared/character-class.ts'

const APOSTROPHE = 0x27
const BLANK = 0x20

/**
 * The end of the piece that the GPT-2 pattern (Radford et al., 2019) matches at `start`:
 *
 * ```
 * 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
 * ```
 *
 * with `\s` the property White_Space. The pattern covers every text, so pieces follow one another without a gap;
 * positions are UTF-16. `start` must be below the length of `text`.
 */
export function nextGpt2Piece(text: string, start: number): number {
  const first = text.charCodeAt(start)
  if (first === APOSTROPHE) {
    const contraction = contractionLength(text, start + 1)
    if (contraction > 0) return start + 1 + contraction
  }
  const kind = classAt(text, start)
  if (kind !== SPACE) return runEnd(text, start, kind)
  if (first === BLANK && start + 1 < text.length) {
    const next = classAt(text, start + 1)
    if (next !== SPACE) return runEnd(text, start + 1, next)
  }
  const end = runEnd(text, start, SPACE)
  // The last space before a word is left to that word (or to a piece of its own); all white space is one unit wide.
  return end < text.length && end - start > 1 ? end - 1 : end
}

function classAt(text: string, index: number): number {
  const unit = text.charCodeAt(index)
  return characterClass(unit < 0xd800 ? unit : (text.codePointAt(index) as number))
}

function runEnd(text: string, start: number, kind: number): number {
  let index = start
  while (index < text.length) {
    const unit = text.charCodeAt(index)
    // The commonest case first: small letters need no table.
    if (unit >= 0x61 && unit <= 0x7a) {
      if (kind !== LETTER) return index
      index++
      continue
    }
    const codePoint = unit < 0xd800 ? unit : (text.codePointAt(index) as number)
    if (characterClass(codePoint) !== kind) return index
    index += codePoint > 0xffff ? 2 : 1
  }
  return index
}

function contractionLength(text: string, index: number): number {
  switch (text[index]) {
    case 's':
    case 't':
    case 'm':
    case 'd':
      return 1
    case 'r':
    case 'v':
      return text[index + 1] === 'e' ? 2 : 0
    case 'l':
      return text[index + 1] === 'l' ? 2 : 0
    default:
      return 0
  }
}
