import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesText } from './bytes-text.ts'
import { sizeClass } from './size-class.ts'

describe('sizeClass', () => {
  it.each([
    [0, 256],
    [256, 256],
    [257, 512],
    [40_000, 65_536],
    [65_536, 65_536],
    [65_537, 73_728],
    [131_072, 131_072],
    [131_073, 147_456],
    [1_000_000, 1_048_576],
    [1_100_000, 1_179_648],
  ])('of %i bytes is %i', (bytes, size) => expect(sizeClass(bytes)).toBe(size))

  it('holds the request, wastes little, and is a class of its own', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 40 }), bytes => {
        const size = sizeClass(bytes)
        expect(size).toBeGreaterThanOrEqual(bytes)
        expect(sizeClass(size)).toBe(size)
        if (bytes > 65_536) expect(size).toBeLessThanOrEqual(bytes * 1.125)
      }),
    )
  })

  it('refuses what is no number of bytes', () => {
    expect(() => sizeClass(-1)).toThrow('sizeClass: bytes must be a non-negative integer, got -1')
    expect(() => sizeClass(1.5)).toThrow('sizeClass: bytes must be a non-negative integer, got 1.5')
  })
})

it('bytes are written for people', () => {
  expect([0, 1023, 1024, 1536, 2 ** 29, 2.5 * 2 ** 30].map(bytesText)).toEqual([
    '0 bytes',
    '1023 bytes',
    '1 KiB',
    '1.5 KiB',
    '512 MiB',
    '2.5 GiB',
  ])
})
