import { describe, expect, it } from 'vitest'
import { fillThreefryBits, threefry2x32 } from './threefry.ts'

const unsigned = (x: number): number => x >>> 0

describe('threefry2x32', () => {
  it.each([
    [
      [0, 0],
      [0, 0],
      [0x6b200159, 0x99ba4efe],
    ],
    [
      [0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x1cb996fc, 0xbb002be7],
    ],
    [
      [0x13198a2e, 0x03707344],
      [0x243f6a88, 0x85a308d3],
      [0xc4923a9c, 0x483df7a0],
    ],
  ] as [[number, number], [number, number], [number, number]][])(
    'gives the published answer for key %j',
    (key, counter, answer) => {
      expect(threefry2x32(key, counter)).toEqual(answer)
    },
  )

  it('gives numbers of 32 bits without a sign', () => {
    for (let i = 0; i < 100; i++)
      for (const word of threefry2x32([i, 7], [0, i])) {
        expect(Number.isInteger(word)).toBe(true)
        expect(word).toBeGreaterThanOrEqual(0)
        expect(word).toBeLessThan(2 ** 32)
      }
  })
})

describe('fillThreefryBits', () => {
  it.each([[[0, 0]], [[1, 2]], [[0xdeadbeef, 0xffffffff]]] as [[number, number]][])(
    'agrees with the block function for key %j',
    key => {
      const bits = new Int32Array(300)
      fillThreefryBits(key, 0, bits)
      bits.forEach((value, i) => {
        const [a, b] = threefry2x32(key, [0, i])
        expect(unsigned(value)).toBe(unsigned(a ^ b))
      })
    },
  )

  it('can start anywhere, so that parts make up the whole', () => {
    const whole = new Int32Array(50)
    fillThreefryBits([3, 4], 0, whole)
    const part = new Int32Array(20)
    fillThreefryBits([3, 4], 30, part)
    expect(part).toEqual(whole.subarray(30))
    fillThreefryBits([3, 4], 2 ** 32 - 1, part.subarray(0, 1))
    const [a, b] = threefry2x32([3, 4], [0, 2 ** 32 - 1])
    expect(part[0]).toBe(a ^ b)
  })
})
