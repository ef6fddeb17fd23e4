import { describe, expect, it } from 'vitest'
import { decodeIndexFile, encodeIndexFile } from './index-file.ts'
import { jsonSection, SectionReader } from './sections.ts'

function reader(sections: Record<string, ArrayBufferView>, metadata: Record<string, unknown> = {}): SectionReader {
  return new SectionReader(decodeIndexFile(encodeIndexFile({ kind: 9, metadata, sections }), 9), 'load')
}

describe('SectionReader.array', () => {
  it('views a section as a typed array without copying', () => {
    const bytes = encodeIndexFile({ kind: 9, metadata: {}, sections: { a: Int32Array.of(1, -2) } })
    const array = new SectionReader(decodeIndexFile(bytes, 9), 'load').array('a', Int32Array, 2)
    expect(array).toEqual(Int32Array.of(1, -2))
    expect(array.buffer).toBe(bytes.buffer)
  })

  it('refuses another length', () => {
    expect(() => reader({ a: Int32Array.of(1, 2) }).array('a', Int32Array, 3)).toThrow(
      'load: section "a" has 8 bytes, expected 3 x 4',
    )
    expect(() => reader({ a: new Uint8Array(7) }).array('a', Int32Array)).toThrow(
      'load: section "a" has 7 bytes, expected a multiple of x 4',
    )
  })
})

describe('SectionReader.ids', () => {
  it('reads strings and integers, lone surrogates too', () => {
    const ids = ['a', 1, '1', '\ud800', '']
    expect(reader({ ids: jsonSection(ids) }).ids('ids', 5)).toEqual(ids)
  })

  it.each([
    ['section "ids" must list 2 different entries', ['a', 'a']],
    ['section "ids" must list 2 different entries', ['a']],
    ['section "ids" must list strings and integers', ['a', 0.5]],
    ['section "ids" must list strings and integers', ['a', null]],
  ])('refuses: %s', (message, list) => {
    expect(() => reader({ ids: jsonSection(list) }).ids('ids', 2)).toThrow(`load: ${message}`)
  })

  it('refuses what is not JSON', () => {
    expect(() => reader({ ids: Uint8Array.of(0xff) }).ids('ids', 1)).toThrow('load: section "ids" is not JSON in UTF-8')
  })
})

describe('SectionReader.strings', () => {
  it('wants strings only', () => {
    expect(reader({ terms: jsonSection(['b', 'a']) }).strings('terms', 2)).toEqual(['b', 'a'])
    expect(() => reader({ terms: jsonSection(['b', 1]) }).strings('terms', 2)).toThrow(
      'load: section "terms" must list strings',
    )
  })
})

describe('SectionReader of metadata', () => {
  const file = reader({}, { count: 3, dim: 0, k1: 1.5, metric: 'dot', bad: -1 })

  it('reads counts, numbers and words', () => {
    expect([file.count('count'), file.number('k1'), file.oneOf('metric', ['dot', 'l2'])]).toEqual([3, 1.5, 'dot'])
  })

  it('names what is wrong', () => {
    expect(() => file.count('bad')).toThrow('load: metadata bad must be a count')
    expect(() => file.count('k1')).toThrow('load: metadata k1 must be a count')
    expect(() => file.dimension('dim')).toThrow('load: metadata dim must be >= 1')
    expect(() => file.number('metric')).toThrow('load: metadata metric must be a number')
    expect(() => file.oneOf('metric', ['l2'])).toThrow('load: metadata metric must be one of l2')
    expect(() => file.oneOf('absent', ['l2'])).toThrow(expect.objectContaining({ code: 'format' }))
  })
})
