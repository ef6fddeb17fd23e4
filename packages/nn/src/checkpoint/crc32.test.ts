import { crc32 as zlib } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc32 } from './crc32.ts'

describe('crc32', () => {
  it('gives the check value of the standard, and of nothing', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe('cbf43926')
    expect(crc32(new Uint8Array(0))).toBe('00000000')
  })

  it('is that of zlib', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
        expect(Number.parseInt(crc32(bytes), 16)).toBe(zlib(bytes))
      }),
    )
  })

  it('changes with any single bit', () => {
    const bytes = Uint8Array.from({ length: 40 }, (_, i) => i)
    const before = crc32(bytes)
    for (let bit = 0; bit < 320; bit++) {
      bytes[bit >> 3] ^= 1 << (bit & 7)
      expect(crc32(bytes)).not.toBe(before)
      bytes[bit >> 3] ^= 1 << (bit & 7)
    }
  })
})
