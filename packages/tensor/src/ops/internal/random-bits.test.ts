import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expectTensor, numbers, tensorOf } from '../__fixtures__/test-tools.ts'
import { unitFloats, unsignedRemainder } from './random-bits.ts'

describe('unsignedRemainder', () => {
  it('reads int32 bit patterns as unsigned', () => {
    const word = fc.integer({ min: 0, max: 2 ** 32 - 1 })
    const span = fc.oneof(
      fc.integer({ min: 1, max: 2 ** 32 - 1 }),
      fc.constantFrom(1, 2, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1),
    )
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 8 }), span, (words, modulus) => {
        const x = tensorOf(
          'int32',
          words.map(w => w | 0),
        )
        expect(numbers(unsignedRemainder('test', x, modulus)).map(r => r >>> 0)).toEqual(words.map(w => w % modulus))
      }),
      { numRuns: 300 },
    )
  })
})

describe('unitFloats', () => {
  it('are multiples of 2^-23 in [0, 1)', () => {
    for (const u of numbers(unitFloats('test', 1, [1000]))) {
      expect(Number.isInteger(u * 2 ** 23)).toBe(true)
      expect(u >= 0 && u < 1).toBe(true)
    }
    expectTensor(unitFloats('test', 1, [0]), 'float32', [0], [])
  })
})
