import { SurprisalError } from '@surprisal/tensor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toByteAlphabet } from '../bytes/alphabet.ts'
import { ByteLevel } from './byte-level.ts'

fc.configureGlobal({ seed: 1 })

const spans = (splitter: ByteLevel, text: string): [string, [number, number]][] =>
  splitter.preTokenize(text).map(word => [word.text, [word.start, word.end]])

const anyText = fc
  .array(fc.oneof(fc.string({ unit: 'binary', maxLength: 4 }), fc.constantFrom(' ', "'s", 'é', '😀', '\ud800', '\n')))
  .map(parts => parts.join(''))

describe('ByteLevel', () => {
  it('writes words in the byte alphabet and keeps their places', () => {
    expect(spans(new ByteLevel(), " it's ünï\n")).toEqual([
      ['Ġit', [0, 3]],
      ["'s", [3, 5]],
      ['ĠÃ¼nÃ¯', [5, 9]],
      ['Ċ', [9, 10]],
    ])
  })

  it('puts a blank before the text when asked, which shares the span of the first character', () => {
    const splitter = new ByteLevel({ addPrefixSpace: true })
    expect(spans(splitter, "Hello it's 12 ünï  x\n")).toEqual([
      ['ĠHello', [0, 5]],
      ['Ġit', [5, 8]],
      ["'s", [8, 10]],
      ['Ġ12', [10, 13]],
      ['ĠÃ¼nÃ¯', [13, 17]],
      ['Ġ', [17, 18]],
      ['Ġx', [18, 20]],
      ['Ċ', [20, 21]],
    ])
    expect([...(splitter.preTokenize('😀')[0].alignment as Int32Array)]).toEqual([0, 2, 0, 2, 0, 2, 0, 2, 0, 2])
  })

  it('lets the inserted blank stand alone before white space', () => {
    expect(spans(new ByteLevel({ addPrefixSpace: true }), '\nx')).toEqual([
      ['Ġ', [0, 1]],
      ['Ċ', [0, 1]],
      ['x', [1, 2]],
    ])
  })

  it('puts no blank before a text that begins with one, nor into an empty text', () => {
    const splitter = new ByteLevel({ addPrefixSpace: true })
    expect(spans(splitter, ' a')).toEqual([['Ġa', [0, 2]]])
    expect(spans(splitter, '')).toEqual([])
  })

  it('takes the whole text as one word without the pattern', () => {
    expect(spans(new ByteLevel({ useRegex: false }), "it's 1")).toEqual([["it'sĠ1", [0, 6]]])
  })

  it('gives forEachWord the words of preTokenize', () => {
    fc.assert(
      fc.property(anyText, fc.boolean(), fc.boolean(), (text, addPrefixSpace, useRegex) => {
        const splitter = new ByteLevel({ addPrefixSpace, useRegex })
        const words: string[] = []
        splitter.forEachWord(text, word => words.push(word))
        expect(words).toEqual(splitter.preTokenize(text).map(word => word.text))
      }),
    )
  })

  it('cuts the text without a gap, each word spelling its own stretch', () => {
    fc.assert(
      fc.property(anyText, text => {
        let at = 0
        for (const word of new ByteLevel().preTokenize(text)) {
          expect(word.start).toBe(at)
          expect(word.text).toBe(toByteAlphabet(text.slice(word.start, word.end)))
          at = word.end
        }
        expect(at).toBe(text.length)
      }),
    )
  })

  it('saves its options by the names of the file format', () => {
    expect(new ByteLevel({ addPrefixSpace: true, trimOffsets: false }).toJSON()).toEqual({
      type: 'ByteLevel',
      add_prefix_space: true,
      trim_offsets: false,
      use_regex: true,
    })
  })

  it('refuses what is no string', () => {
    expect(() => new ByteLevel().preTokenize(null as unknown as string)).toThrow(
      new SurprisalError('argument', 'preTokenize: text must be a string, got null'),
    )
  })
})
