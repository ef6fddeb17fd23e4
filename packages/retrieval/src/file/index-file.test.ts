import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc32c } from './crc32c.ts'
import { decodeIndexFile, encodeIndexFile } from './index-file.ts'

fc.configureGlobal({ seed: 1 })

const content = {
  kind: 2,
  metadata: { dim: 3, note: 'gr\u00fc\u00dfe \u{1f600}' },
  sections: { vectors: Float32Array.of(1, 2, 3), empty: new Int8Array(0), tail: Uint8Array.of(9, 8, 7) },
}

/** Puts another header text into a file, with a right checksum, to reach the checks behind it. */
function withHeader(header: unknown, bytes = encodeIndexFile(content)): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header))
  const file = new Uint8Array(16 + text.length)
  file.set(bytes.subarray(0, 8))
  const view = new DataView(file.buffer)
  view.setUint32(8, text.length, true)
  file.set(text, 16)
  view.setUint32(12, crc32c(text, crc32c(file.subarray(0, 12))), true)
  return file
}

describe('encodeIndexFile', () => {
  it('starts with the magic, version, kind and header', () => {
    const bytes = encodeIndexFile(content)
    expect(new TextDecoder().decode(bytes.subarray(0, 4))).toBe('SRPX')
    const view = new DataView(bytes.buffer)
    expect([view.getUint16(4, true), view.getUint16(6, true)]).toEqual([1, 2])
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(16, 16 + view.getUint32(8, true))))
    expect(header.metadata).toEqual(content.metadata)
    expect(header.sections.map((section: { name: string }) => section.name)).toEqual(['vectors', 'empty', 'tail'])
  })

  it('puts every section at a multiple of 64', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.uint8Array({ maxLength: 200 })), fc.string(), (sections, note) => {
        const bytes = encodeIndexFile({ kind: 7, metadata: { note }, sections })
        const file = decodeIndexFile(bytes, 7)
        expect(file.metadata).toEqual({ note: note.isWellFormed() ? note : expect.any(String) })
        for (const [name, data] of Object.entries(sections)) {
          expect(file.section(name)).toEqual(data)
          expect(file.section(name).byteOffset % 64).toBe(0)
        }
      }),
    )
  })

  it('stores only the part of a buffer that a view shows', () => {
    const bytes = encodeIndexFile({ kind: 1, metadata: {}, sections: { a: Uint8Array.of(1, 2, 3, 4).subarray(1, 3) } })
    expect([...decodeIndexFile(bytes, 1).section('a')]).toEqual([2, 3])
  })

  it('gives the same bytes for the same content', () => {
    expect(encodeIndexFile(content)).toEqual(encodeIndexFile(content))
  })
})

describe('decodeIndexFile', () => {
  it('refuses what is no index file', () => {
    expect(() => decodeIndexFile(new TextEncoder().encode('%PDF-1.7 and so on'), 2)).toThrow(
      "decodeIndexFile: the file is not an index: it does not start with 'SRPX'",
    )
    expect(() => decodeIndexFile(new Uint8Array(0), 2, 'FlatIndex.load')).toThrow(
      'FlatIndex.load: the file is truncated: 0 bytes, the fixed header alone has 16',
    )
    expect(() => decodeIndexFile('SRPX' as unknown as Uint8Array, 2)).toThrow('bytes must be a Uint8Array')
  })

  it('refuses a newer format and says which one', () => {
    const bytes = encodeIndexFile(content)
    bytes[4] = 3
    expect(() => decodeIndexFile(bytes, 2)).toThrow('decodeIndexFile: written by format 3, this build reads <= 1')
    bytes[4] = 0
    expect(() => decodeIndexFile(bytes, 2)).toThrow('decodeIndexFile: format version 0 does not exist')
  })

  it('refuses another kind', () => {
    expect(() => decodeIndexFile(encodeIndexFile(content), 1)).toThrow('the file holds an index of kind 2, not 1')
  })

  it('names the damaged section', () => {
    const bytes = encodeIndexFile(content)
    bytes[bytes.length - 1] ^= 1
    expect(() => decodeIndexFile(bytes, 2)).toThrow('decodeIndexFile: section "tail" is damaged (CRC-32C)')
  })

  it('refuses a file cut at any length', () => {
    const bytes = encodeIndexFile(content)
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeIndexFile(bytes.slice(0, length), 2)).toThrow(expect.objectContaining({ code: 'format' }))
    }
  })

  it('refuses a file with any bit flipped', () => {
    const bytes = encodeIndexFile(content)
    for (let i = 0; i < bytes.length; i++) {
      for (let bit = 0; bit < 8; bit++) {
        bytes[i] ^= 1 << bit
        expect(() => decodeIndexFile(bytes, 2)).toThrow(expect.objectContaining({ code: 'format' }))
        bytes[i] ^= 1 << bit
      }
    }
  })

  it('refuses bytes behind the last section', () => {
    const bytes = encodeIndexFile(content)
    const longer = new Uint8Array(bytes.length + 1)
    longer.set(bytes)
    expect(() => decodeIndexFile(longer, 2)).toThrow('the file has 1 bytes after its last section')
  })

  it('says which section is missing', () => {
    expect(() => decodeIndexFile(encodeIndexFile(content), 2).section('ids')).toThrow('section "ids" is missing')
  })

  it.each([
    ['the header is not JSON in UTF-8', '{'],
    ['the header has no metadata or no section table', []],
    ['the header has no metadata or no section table', { metadata: {}, sections: {} }],
    ['the section table has a bad entry: {"name":"a","offset":-64,"length":0,"crc32c":0}', table({ offset: -64 })],
    ['the section table has a bad entry: {"name":"a","offset":0.5,"length":0,"crc32c":0}', table({ offset: 0.5 })],
    ['the section table has a bad entry: {"name":1,"offset":128,"length":0,"crc32c":0}', table({ name: 1 })],
    ['the section table has a bad entry: null', { metadata: {}, sections: [null] }],
    ['section "a" starts at 192, not at 128', table({ offset: 192 })],
    ['the file is truncated: section "a" ends at 1125899906842752', table({ length: 2 ** 50 })],
  ])('refuses a header that lies: %s', (message, header) => {
    expect(() => decodeIndexFile(withHeader(header), 2)).toThrow(message)
  })

  it('refuses two sections of one name', () => {
    const { sections } = table({})
    expect(() => decodeIndexFile(withHeader({ metadata: {}, sections: [...sections, ...sections] }), 2)).toThrow(
      'section "a" occurs twice',
    )
  })

  it('leaves prototypes alone', () => {
    const header = '{"metadata":{"__proto__":{"polluted":1}},"sections":[]}'
    expect(Object.keys(decodeIndexFile(withHeader(header), 2).metadata)).toEqual(['__proto__'])
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
})

/** A header with one empty section at 128, changed in one place. */
function table(change: Record<string, unknown>) {
  return { metadata: {}, sections: [{ name: 'a', offset: 128, length: 0, crc32c: 0, ...change }] }
}
