import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expectError, expectTensor, float, numbers, tensorOf } from './__fixtures__/test-tools.ts'
import { bitwiseAnd, bitwiseNot, bitwiseOr, bitwiseXor, shiftLeft, shiftRight } from './bitwise.ts'

const int32 = (...data: number[]) => tensorOf('int32', data)
const uint8 = (...data: number[]) => tensorOf('uint8', data)
const int8 = (...data: number[]) => tensorOf('int8', data)

describe('bitwise functions', () => {
  it('of integers', () => {
    expectTensor(bitwiseAnd(int32(12, -1), int32(10, 7)), 'int32', [2], [8, 7])
    expectTensor(bitwiseOr(uint8(12), uint8(3)), 'uint8', [1], [15])
    expectTensor(bitwiseXor(int8(-1, 5), int8(1, 3)), 'int8', [2], [-2, 6])
    expectTensor(bitwiseNot(uint8(0, 255, 1)), 'uint8', [3], [255, 0, 254])
    expectTensor(bitwiseNot(int32(0, -1)), 'int32', [2], [-1, 0])
    expectTensor(bitwiseNot(int8(127)), 'int8', [1], [-128])
  })

  it('of bools', () => {
    const [a, b] = [tensorOf('bool', [0, 0, 1, 1]), tensorOf('bool', [0, 1, 0, 1])]
    expectTensor(bitwiseAnd(a, b), 'bool', [4], [0, 0, 0, 1])
    expectTensor(bitwiseOr(a, b), 'bool', [4], [0, 1, 1, 1])
    expectTensor(bitwiseXor(a, b), 'bool', [4], [0, 1, 1, 0])
    expectTensor(bitwiseNot(a), 'bool', [4], [1, 1, 0, 0])
  })

  it('promote', () => {
    expectTensor(bitwiseAnd(uint8(255), int8(-2)), 'int32', [1], [254])
    expectTensor(bitwiseOr(tensorOf('bool', [1]), uint8(4)), 'uint8', [1], [5])
  })

  it('reject floats', () => {
    expectError(() => bitwiseAnd(float([1]), 1), 'dtype', 'bitwiseAnd: expected an integer or bool dtype, got float32')
    expectError(() => bitwiseXor(int32(1), 0.5), 'dtype', 'bitwiseXor: expected an integer or bool dtype, got float32')
    expectError(
      () => bitwiseNot(tensorOf('float16', [1])),
      'dtype',
      'bitwiseNot: expected an integer or bool dtype, got float16',
    )
  })
})

describe('shifts', () => {
  it('move bits and drop what leaves the width', () => {
    expectTensor(shiftLeft(int32(1, 3, 1), int32(4, 31, 32)), 'int32', [3], [16, -2147483648, 0])
    expectTensor(shiftLeft(uint8(129, 1), uint8(1, 8)), 'uint8', [2], [2, 0])
    expectTensor(shiftLeft(int8(64), 1), 'int8', [1], [-128])
  })

  it('to the right are arithmetic', () => {
    expectTensor(shiftRight(int32(-16, 16, -1, 5), int32(2, 2, 40, 32)), 'int32', [4], [-4, 4, -1, 0])
    expectTensor(shiftRight(uint8(255, 255), uint8(4, 9)), 'uint8', [2], [15, 0])
    expectTensor(shiftRight(int8(-128, -5), int8(7, 100)), 'int8', [2], [-1, -1])
  })

  it('read counts as unsigned', () => {
    expectTensor(shiftLeft(int32(1, 1), int32(-1, -31)), 'int32', [2], [0, 0])
    expectTensor(shiftRight(int32(-8, 8), -1), 'int32', [2], [-1, 0])
  })

  it('reject floats and bools', () => {
    const bool = tensorOf('bool', [1])
    expectError(() => shiftLeft(bool, bool), 'dtype', 'shiftLeft: expected an integer dtype, got bool')
    expectError(() => shiftRight(float([1]), 1), 'dtype', 'shiftRight: expected an integer dtype, got float32')
  })

  it('agree with the language on int32', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 31 }), (x, by) => {
        expect(numbers(shiftLeft(int32(x), by))).toEqual([x << by])
        expect(numbers(shiftRight(int32(x), by))).toEqual([x >> by])
      }),
      { numRuns: 40 },
    )
  })
})
