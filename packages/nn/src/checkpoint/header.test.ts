import { SurprisalError } from '@surprisal/tensor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { headerLength, parseHeader } from './header.ts'

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

const lengthBytes = (length: bigint): Uint8Array => {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, length, true)
  return bytes
}

/** The header of text with so many bytes of data behind it. */
const parse = (text: string, data = 0) => {
  const json = encode(text)
  return parseHeader(json, 8 + json.length + data)
}

const scalar = (at: number): string => `{"dtype":"U8","shape":[],"data_offsets":[${at},${at + 1}]}`

describe('headerLength', () => {
  it('reads 64 bits from the smallest end on', () => {
    expect(headerLength(lengthBytes(258n), 1000)).toBe(258)
    expect(headerLength(lengthBytes(0n), 8)).toBe(0)
    expect(headerLength(lengthBytes(100_000_000n), 200_000_000)).toBe(100_000_000)
  })

  it('reads a part of a larger array', () => {
    const larger = new Uint8Array(20)
    larger.set(lengthBytes(5n), 7)
    expect(headerLength(larger.subarray(7), 13)).toBe(5)
  })

  it.each([
    [lengthBytes(0n), 7, 'header must have a length of 8 bytes, got a file of 7'],
    [lengthBytes(1n), 8, 'header must end within the file of 8 bytes, got length 1'],
    [lengthBytes(2n ** 64n - 1n), 100, 'header must be at most 100000000 bytes, got 18446744073709551615'],
  ])('refuses what cannot be', (start, size, message) => {
    expect(() => headerLength(start, size)).toThrow(new SurprisalError('format', `readSafetensors: ${message}`))
  })
})

describe('parseHeader', () => {
  it('gives entries as they stand, metadata and where the data begins', () => {
    const text = `{"b":${scalar(1)},"__metadata__":{"k":"v"},"a":${scalar(0)}}   `
    expect(parse(text, 2)).toEqual({
      entries: [
        { name: 'b', dtype: 'U8', shape: [], dataOffsets: [1, 2] },
        { name: 'a', dtype: 'U8', shape: [], dataOffsets: [0, 1] },
      ],
      metadata: { k: 'v' },
      dataStart: 8 + text.length,
    })
  })

  it('lets empty tensors stand anywhere between others', () => {
    const none = (at: number): string => `{"dtype":"F32","shape":[0],"data_offsets":[${at},${at}]}`
    const text = `{"x":${none(0)},"a":${scalar(0)},"y":${none(1)},"b":${scalar(1)},"z":${none(2)}}`
    expect(parse(text, 2).entries.map(({ name }) => name)).toEqual(['x', 'a', 'y', 'b', 'z'])
    expect(() => parse(`{"a":${scalar(0)},"x":${none(3)}}`, 1)).toThrow('data_offsets of x must begin at 1')
  })

  it('takes spaces, escapes and brackets in names', () => {
    const names = ['a b', '{', '}]', '":"', '\\', '\\"', 'ü', '\u{1F600}', '', '\n', 'x:']
    const fields = names.map((name, i) => `  ${JSON.stringify(name)} \n:\t${scalar(i)}`)
    expect(parse(`{${fields.join(' , ')}}`, names.length).entries.map(({ name }) => name)).toEqual(names)
  })

  it('finds a repeated name among any', () => {
    const names = fc.uniqueArray(fc.string({ unit: 'binary', maxLength: 6 }), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(names, fc.nat(5), (list, pick) => {
        const usable = list.filter(name => name !== '__metadata__')
        fc.pre(usable.length > 0)
        const twice = usable[pick % usable.length]
        const text = (all: string[]) => `{${all.map((name, i) => `${JSON.stringify(name)}:${scalar(i)}`).join(',')}}`
        expect(parse(text(usable), usable.length).entries).toHaveLength(usable.length)
        expect(() => parse(text([...usable, twice]), usable.length + 1)).toThrow('header must not repeat a name')
      }),
      { numRuns: 100 },
    )
  })

  it.each([
    [`{"a":${scalar(0)},"__metadata__":{"k":"1","k":"2"}}`, 'header must not repeat or nest the fields of an entry'],
    ['{"__metadata__":{},"__metadata__":{}}', 'header must not repeat a name, got __metadata__ twice'],
    ['{"a":{"dtype":"U8","shape":[{"x":1}],"data_offsets":[0,1]}}', 'header must not repeat or nest'],
    ['{"a":[]}', 'dtype of a is unknown, got nothing'],
    ['{"a":1}', 'dtype of a is unknown, got nothing'],
    ['{"a":{"dtype":["U8"],"shape":[],"data_offsets":[0,1]}}', 'dtype of a is unknown, got ["U8"]'],
    ['{"a":{"dtype":"U8","shape":"1","data_offsets":[0,1]}}', 'shape of a must hold non-negative integers, got "1"'],
    ['{"a":{"dtype":"U8","shape":[],"data_offsets":[0,1,2]}}', 'data_offsets of a must be [begin, end], got [0,1,2]'],
    ['{"a":{"dtype":"U8","shape":[],"data_offsets":[-1,0]}}', 'data_offsets of a must be [begin, end], got [-1,0]'],
    ['{"a":{"dtype":"U8","shape":[],"data_offsets":[0,9007199254740993]}}', 'data_offsets of a must be [begin, end]'],
    ['{"a":{"dtype":"U8","shape":[],"data_offsets":{}}}', 'data_offsets of a must be [begin, end], got an object'],
  ])('refuses %s', (text, message) => {
    expect(() => parse(text, 1)).toThrow(SurprisalError)
    expect(() => parse(text, 1)).toThrow(message)
  })

  it('takes time in proportion to its length', () => {
    const time = (count: number): number => {
      const text = `{${Array.from({ length: count }, (_, i) => `"t${i}":${scalar(i)}`).join(',')}}`
      const begin = performance.now()
      parse(text, count)
      return performance.now() - begin
    }
    time(2000)
    expect(time(40_000)).toBeLessThan(60 * Math.max(5, time(2000)))
  })
})
