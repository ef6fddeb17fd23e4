import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pushSigned, pushUnsigned } from './leb128.ts'

const unsigned = (value: number): number[] => {
  const bytes: number[] = []
  pushUnsigned(bytes, value)
  return bytes
}

const signed = (value: number | bigint): number[] => {
  const bytes: number[] = []
  pushSigned(bytes, value)
  return bytes
}

function decode(bytes: readonly number[], isSigned: boolean): bigint {
  let value = 0n
  bytes.forEach((byte, i) => {
    value |= BigInt(byte & 0x7f) << BigInt(7 * i)
  })
  const negative = isSigned && (bytes[bytes.length - 1] & 0x40) !== 0
  return negative ? value - (1n << BigInt(7 * bytes.length)) : value
}

test.each([
  [0, [0x00]],
  [127, [0x7f]],
  [128, [0x80, 0x01]],
  [624485, [0xe5, 0x8e, 0x26]],
  [4294967295, [0xff, 0xff, 0xff, 0xff, 0x0f]],
])('writes %i without a sign', (value, bytes) => {
  expect(unsigned(value)).toEqual(bytes)
})

test.each([
  [0, [0x00]],
  [63, [0x3f]],
  [64, [0xc0, 0x00]],
  [-1, [0x7f]],
  [-64, [0x40]],
  [-65, [0xbf, 0x7f]],
  [-123456, [0xc0, 0xbb, 0x78]],
  [-2147483648, [0x80, 0x80, 0x80, 0x80, 0x78]],
])('writes %i with a sign', (value, bytes) => {
  expect(signed(value)).toEqual(bytes)
})

test('what is written reads back, in the fewest bytes', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4294967295 }), value => {
      const bytes = unsigned(value)
      expect(decode(bytes, false)).toBe(BigInt(value))
      expect(bytes.length).toBe(Math.max(1, Math.ceil(value.toString(2).length / 7)))
    }),
  )
  fc.assert(
    fc.property(fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }), value => {
      const bytes = signed(value)
      expect(decode(bytes, true)).toBe(value)
      const magnitude = value < 0n ? -value - 1n : value
      const bits = magnitude === 0n ? 1 : magnitude.toString(2).length + 1
      expect(bytes.length).toBe(Math.ceil(bits / 7))
    }),
  )
})
