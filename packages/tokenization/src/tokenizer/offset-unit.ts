import { SurprisalError } from '@surprisal/tensor'
import { describe } from '../_shared/describe.ts'
import { utf8Length } from '../bytes/utf8-length.ts'
import type { Encoding } from './encoding.ts'

/** What offsets count: UTF-16 units, code points, or bytes of UTF-8. */
export type OffsetUnit = 'utf16' | 'codepoint' | 'byte'

/** Throws unless `unit` is one of the three. */
export function requireOffsetUnit(unit: unknown, where: string): asserts unit is OffsetUnit {
  if (unit !== 'utf16' && unit !== 'codepoint' && unit !== 'byte') {
    const got = describe(unit)
    throw new SurprisalError('argument', `${where} must be "utf16", "codepoint" or "byte", got ${got}`)
  }
}

/** Turns the UTF-16 offsets of one sequence into `unit`, in place. A lone surrogate counts as U+FFFD. */
export function convertOffsets(encoding: Encoding, text: string, unit: OffsetUnit): void {
  if (unit === 'utf16') return
  const converted = new Int32Array(text.length + 1)
  let position = 0
  for (let i = 0; i < text.length; i++) {
    converted[i] = position
    const codePoint = text.codePointAt(i) as number
    if (codePoint > 0xffff) i++
    position += unit === 'codepoint' ? 1 : utf8Length(codePoint)
  }
  converted[text.length] = position
  encoding.offsets = encoding.offsets.map(([start, end]) => [converted[start], converted[end]])
}
