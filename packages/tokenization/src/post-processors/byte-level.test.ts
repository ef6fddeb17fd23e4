import { describe, expect, it } from 'vitest'
import { Encoding } from '../tokenizer/encoding.ts'
import { ByteLevel, type ByteLevelPostProcessorOptions } from './byte-level.ts'

type Entry = [token: string, start: number, end: number]

function trim(text: string, entries: Entry[], options?: ByteLevelPostProcessorOptions): [number, number][] {
  const encoding = new Encoding()
  for (const [token, start, end] of entries) encoding.push(0, token, [start, end], 0, 0)
  new ByteLevel(options).process([encoding], [text])
  return encoding.offsets
}

const PLAIN = { addPrefixSpace: false }

describe('ByteLevel post-processor', () => {
  it('trims blanks at either end of a token', () => {
    const entries: Entry[] = [
      ['Ġa', 0, 2],
      ['bĠĠ', 2, 5],
      ['ĠcĠ', 5, 8],
    ]
    expect(trim(' ab   c ', entries, PLAIN)).toEqual([
      [1, 2],
      [2, 3],
      [6, 7],
    ])
  })

  it('leaves a token of blanks empty at its end', () => {
    expect(trim('x  ', [['ĠĠ', 1, 3]], PLAIN)).toEqual([[3, 3]])
  })

  it('trims the white space that an added token has swallowed', () => {
    expect(trim('a \n[M]\t', [['\u0020\n[M]\t', 1, 7]], PLAIN)).toEqual([[3, 6]])
  })

  it('leaves one blank of the first token when a prefix space is added', () => {
    const entries: Entry[] = [
      ['ĠHello', 0, 5],
      ['Ġit', 5, 8],
    ]
    expect(trim('Hello it', entries)).toEqual([
      [0, 5],
      [6, 8],
    ])
  })

  it('trims more than one blank of the first token all the same', () => {
    expect(trim('  a', [['ĠĠa', 0, 3]])).toEqual([[2, 3]])
  })

  it('steps over whole characters where the blank was inserted before one of two units', () => {
    expect(trim('😀', [['Ġ', 0, 2]], PLAIN)).toEqual([[2, 2]])
    expect(trim('😀', [['Ġ', 0, 2]])).toEqual([[0, 0]])
    expect(trim('😀', [['Ġð', 0, 2]], PLAIN)).toEqual([[2, 2]])
  })

  it('does not trim the end when there are fewer characters before it', () => {
    expect(trim('ab', [['Ġ\u0020Ġ', 0, 2]])).toEqual([[2, 2]])
  })

  it('changes nothing when it is told not to trim', () => {
    expect(trim(' a', [['Ġa', 0, 2]], { trimOffsets: false })).toEqual([[0, 2]])
  })

  it('saves its options by the names of the file format', () => {
    expect(new ByteLevel({ addPrefixSpace: false }).toJSON()).toEqual({
      type: 'ByteLevel',
      add_prefix_space: false,
      trim_offsets: true,
      use_regex: true,
    })
  })
})
