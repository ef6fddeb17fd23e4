import { gradcheck } from '@surprisal/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expectClose, expectTensor, float, numbers, slope, tensorOf } from './__fixtures__/test-tools.ts'
import { floorDivide, fmod, remainder } from './division.ts'

const int32 = (...data: number[]) => tensorOf('int32', data)

describe('floorDivide', () => {
  it('rounds toward -Infinity', () => {
    expectTensor(floorDivide(int32(7, -7, 7, -7), int32(2, 2, -2, -2)), 'int32', [4], [3, -4, -4, 3])
    expectTensor(floorDivide(float([7, -7, 5.5]), float([2, 2, -2])), 'float32', [3], [3, -4, -3])
  })

  it('gives 0 for an integer divisor of 0 and wraps at the end of the range', () => {
    expectTensor(floorDivide(int32(5, -5, -2147483648), int32(0, 0, -1)), 'int32', [3], [0, 0, -2147483648])
    expectTensor(floorDivide(tensorOf('uint8', [9]), 0), 'uint8', [1], [0])
    expectTensor(floorDivide(tensorOf('int8', [-128]), -1), 'int8', [1], [-128])
  })

  it('is IEEE on floats', () => {
    expect(numbers(floorDivide(float([1, -1, 0]), 0))).toEqual([Infinity, -Infinity, NaN])
  })

  it('has no gradient', () => {
    expect(slope(x => floorDivide(x, 2), float([3, 5]))).toEqual([0, 0])
  })
})

describe('remainder', () => {
  it('has the sign of the divisor', () => {
    expectTensor(remainder(float([7, -7, 7, -7, 5.5]), float([3, 3, -3, -3, -2])), 'float32', [5], [1, 2, -2, -1, -0.5])
    expectTensor(remainder(int32(7, -7, 7, -7), int32(3, 3, -3, -3)), 'int32', [4], [1, 2, -2, -1])
    expectTensor(remainder(tensorOf('uint8', [250]), tensorOf('uint8', [7])), 'uint8', [1], [5])
  })

  it('of 0 is 0 for integers and NaN for floats', () => {
    expectTensor(remainder(int32(5, -2147483648), int32(0, -1)), 'int32', [2], [0, 0])
    expect(numbers(remainder(float([5]), 0))).toEqual([NaN])
  })

  it('completes floorDivide', () => {
    const int = fc.integer({ min: -1000, max: 1000 })
    fc.assert(
      fc.property(int, int, (a, b) => {
        fc.pre(b !== 0)
        const [q, r] = [floorDivide(int32(a), int32(b)), remainder(int32(a), int32(b))]
        expect(numbers(q)[0] * b + numbers(r)[0]).toBe(a)
      }),
      { numRuns: 50 },
    )
  })

  it('has the gradient (1, -floor(a / b))', () => {
    gradcheck(remainder, [float([7.3, -7.4, 5.1]), float([3, 3.2, -2])])
  })
})

describe('fmod', () => {
  it('has the sign of the dividend', () => {
    expectClose(fmod(float([7, -7, 7, -7, 5.5]), float([3, 3, -3, -3, -2])), [1, -1, 1, -1, 1.5])
    expectTensor(fmod(int32(7, -7, 7, -7, 3), int32(3, 3, -3, -3, 0)), 'int32', [5], [1, -1, 1, -1, 0])
    expect(numbers(fmod(float([5]), 0))).toEqual([NaN])
  })

  it('has the gradient (1, -trunc(a / b))', () => {
    gradcheck(fmod, [float([7.3, -7.4, 5.1]), float([3, 3.2, -2])])
  })

  it('reads two bools as int32, like its relatives', () => {
    const [a, b] = [tensorOf('bool', [1, 1, 0]), tensorOf('bool', [1, 0, 1])]
    expectTensor(fmod(a, b), 'int32', [3], [0, 0, 0])
    expectTensor(remainder(a, b), 'int32', [3], [0, 0, 0])
    expectTensor(floorDivide(a, b), 'int32', [3], [1, 0, 0])
  })
})
