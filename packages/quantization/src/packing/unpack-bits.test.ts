import { type Tensor, tensor } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { packBits } from './pack-bits.ts'
import { unpackBits } from './unpack-bits.ts'

const bytes = (...data: number[]): Tensor => tensor(Uint8Array.from(data))
const values = (x: Tensor): number[] => Array.from(x.dataSync())

describe('unpackBits', () => {
  it('reads across bytes', () => {
    const unpacked = unpackBits(bytes(0b11_101_010, 0b0_001), { bits: 3 })
    expect([unpacked.dtype, values(unpacked)]).toEqual(['int32', [2, 5, 7, 0, 0]])
  })

  it('gives as many codes as there are, or as are asked for', () => {
    expect(values(unpackBits(bytes(0xff), { bits: 5 }))).toEqual([31])
    expect(values(unpackBits(bytes(0x21, 0x43), { bits: 4, length: 3 }))).toEqual([1, 2, 3])
    expect(unpackBits(bytes(1), { bits: 1, length: 0 }).shape).toEqual([0])
  })

  it.each([1, 2, 3, 7, 8])('undoes signed rows of %d bits, padding included', bits => {
    const low = bits === 1 ? -1 : -(2 ** (bits - 1))
    const data = [low, bits === 1 ? 1 : -low - 1, low, bits === 1 ? -1 : 0, low, bits === 1 ? 1 : 1]
    const codes = tensor(bits === 2 ? data.map(code => Math.min(code, 1)) : data, { shape: [2, 3], dtype: 'int32' })
    for (const rowAlignment of [1, 4]) {
      const packed = packBits(codes, { bits, signed: true, rowAlignment })
      const again = unpackBits(packed, { bits, signed: true, length: 3 })
      expect([again.shape, values(again)]).toEqual([[2, 3], values(codes)])
    }
  })

  it('refuses what it cannot use, and says what it got', () => {
    expect(() => unpackBits(bytes(1, 2), { bits: 3, length: 6 })).toThrow(
      'unpackBits: bytes must hold 6 codes of 3 bits in each row, got a truncated shape [2]',
    )
    expect(() => unpackBits(bytes(1), { bits: 0 })).toThrow('unpackBits: bits must be an integer in 1..8, got 0')
    expect(() => unpackBits(bytes(1), { bits: 1, length: -1 })).toThrow(
      'unpackBits: length must be an integer of at least 0, got -1',
    )
    expect(() => unpackBits(tensor([1]), { bits: 1 })).toThrow('unpackBits: bytes must be uint8, got float32')
    expect(() => unpackBits(tensor(1, { dtype: 'uint8' }), { bits: 1 })).toThrow(
      'unpackBits: bytes must have at least one dim',
    )
  })
})
