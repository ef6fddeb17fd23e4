import { type Tensor, tensor } from '@surprisal/tensor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packBits } from './pack-bits.ts'
import { unpackBits } from './unpack-bits.ts'

const codes = (data: number[], shape = [data.length]): Tensor => tensor(data, { shape, dtype: 'int32' })
const values = (x: Tensor): number[] => Array.from(x.dataSync())

/** The definition bit by bit. */
function naive(data: number[], bits: number): number[] {
  const stream = data.flatMap(code => Array.from({ length: bits }, (_, k) => (code >> k) & 1))
  const bytes = Array.from({ length: Math.ceil(stream.length / 8) }, () => 0)
  stream.forEach((bit, k) => {
    bytes[k >> 3] |= bit << (k & 7)
  })
  return bytes
}

describe('packBits', () => {
  it('puts the first of two nibbles low', () => {
    expect(values(packBits(codes([1, 2, 3]), { bits: 4 }))).toEqual([0x21, 0x03])
    expect(packBits(codes([1, 2, 3]), { bits: 4 }).dtype).toBe('uint8')
  })

  it('agrees with its definition and is undone, for every width', () => {
    const cases = fc
      .integer({ min: 1, max: 8 })
      .chain(bits =>
        fc.tuple(
          fc.constant(bits),
          fc.array(fc.integer({ min: 0, max: 2 ** bits - 1 }), { minLength: 1, maxLength: 40 }),
        ),
      )
    fc.assert(
      fc.property(cases, ([bits, data]) => {
        const packed = packBits(codes(data), { bits })
        expect(values(packed)).toEqual(naive(data, bits))
        expect(values(unpackBits(packed, { bits, length: data.length }))).toEqual(data)
      }),
      { numRuns: 120, seed: 11 },
    )
  })

  it('stores signed codes by an offset, and signs in a bit', () => {
    expect(values(packBits(codes([-8, 0, 7]), { bits: 4, signed: true }))).toEqual([0x80, 0x0f])
    expect(values(packBits(codes([1, -1, -1, 1]), { bits: 1, signed: true }))).toEqual([0b1001])
    expect(values(packBits(tensor(Int8Array.of(-128, 127)), { bits: 8, signed: true }))).toEqual([0, 255])
  })

  it('begins every row with a fresh byte, aligned on request', () => {
    const q = codes([1, 1, 1, 2, 2, 2], [2, 3])
    expect(values(packBits(q, { bits: 3 }))).toEqual([0b01001001, 0, 0b10010010, 0])
    const aligned = packBits(q, { bits: 3, rowAlignment: 4 })
    expect([aligned.shape, values(aligned)]).toEqual([
      [2, 4],
      [0b01001001, 0, 0, 0, 0b10010010, 0, 0, 0],
    ])
    expect(packBits(q.reshape([2, 1, 3]), { bits: 3 }).shape).toEqual([2, 1, 2])
    expect(packBits(codes([], [0]), { bits: 3 }).shape).toEqual([0])
  })

  it('refuses codes out of range at the read, with their place', () => {
    const op = 'packBits: every code must'
    expect(() => packBits(codes([0, 8]), { bits: 3 }).dataSync()).toThrow(`${op} be in 0..7, got 8 at index 1`)
    expect(() => packBits(codes([-1]), { bits: 3 }).dataSync()).toThrow(`${op} be in 0..7, got -1 at index 0`)
    expect(() => packBits(codes([-5]), { bits: 3, signed: true }).dataSync()).toThrow(
      `${op} be in -4..3, got -5 at index 0`,
    )
    expect(() => packBits(codes([0]), { bits: 1, signed: true }).dataSync()).toThrow(
      `${op} be -1 or 1, got 0 at index 0`,
    )
    expect(() => packBits(codes([3]), { bits: 1, signed: true }).dataSync()).toThrow(
      `${op} be -1 or 1, got 3 at index 0`,
    )
  })

  it('refuses what it cannot use, and says what it got', () => {
    expect(() => packBits(codes([1]), { bits: 9 })).toThrow('packBits: bits must be an integer in 1..8, got 9')
    expect(() => packBits(codes([1]), undefined as never)).toThrow(
      'packBits: bits must be an integer in 1..8, got undefined',
    )
    expect(() => packBits(codes([1]), { bits: 1, rowAlignment: 0 })).toThrow(
      'packBits: rowAlignment must be an integer of at least 1, got 0',
    )
    expect(() => packBits(tensor([1]), { bits: 1 })).toThrow('packBits: codes must be integers, got float32')
    expect(() => packBits(codes([1], []), { bits: 1 })).toThrow(
      'packBits: codes must have at least one dim, got shape []',
    )
  })
})
