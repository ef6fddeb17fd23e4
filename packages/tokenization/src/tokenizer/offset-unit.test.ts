import { SurprisalError } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { Encoding } from './encoding.ts'
import { convertOffsets, type OffsetUnit, requireOffsetUnit } from './offset-unit.ts'

function convert(text: string, offsets: [number, number][], unit: OffsetUnit): [number, number][] {
  const encoding = new Encoding()
  encoding.offsets = offsets
  convertOffsets(encoding, text, unit)
  return encoding.offsets
}

describe('convertOffsets', () => {
  const text = 'aé日😀b'
  const offsets: [number, number][] = [
    [0, 1],
    [1, 2],
    [2, 3],
    [3, 5],
    [5, 6],
    [6, 6],
  ]

  it('leaves UTF-16 as it is', () => {
    expect(convert(text, offsets, 'utf16')).toEqual(offsets)
  })

  it('counts code points', () => {
    expect(convert(text, offsets, 'codepoint')).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
      [4, 5],
      [5, 5],
    ])
  })

  it('counts bytes of UTF-8', () => {
    expect(convert(text, offsets, 'byte')).toEqual([
      [0, 1],
      [1, 3],
      [3, 6],
      [6, 10],
      [10, 11],
      [11, 11],
    ])
  })

  it('counts a lone surrogate as U+FFFD', () => {
    expect(convert('\ud800x', [[1, 2]], 'byte')).toEqual([[3, 4]])
    expect(convert('\ud800x', [[1, 2]], 'codepoint')).toEqual([[1, 2]])
  })
})

describe('requireOffsetUnit', () => {
  it('refuses any other word', () => {
    const message = 'encode: offsetUnit must be "utf16", "codepoint" or "byte", got "char"'
    expect(() => requireOffsetUnit('char', 'encode: offsetUnit')).toThrow(new SurprisalError('argument', message))
  })
})
