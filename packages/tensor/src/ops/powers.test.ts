import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { gradients } from '../index.ts'
import { expectClose, expectTensor, float, numbers, slope, tensorOf } from './__fixtures__/test-tools.ts'
import { hypot, pow, rsqrt, sqrt } from './powers.ts'

describe('pow', () => {
  it('of floats', () => {
    expectClose(pow(float([2, 4, 9]), float([3, 0.5, -0.5])), [8, 2, 1 / 3])
    expect(numbers(pow(float([0, 0, -8, NaN, -2]), float([0, -1, 1 / 3, 0, 3])))).toEqual([1, Infinity, NaN, 1, -8])
  })

  it('of integers wraps, and truncates for negative exponents', () => {
    const base = tensorOf('int32', [3, 2, 1, -1, -1, 5, 0])
    const exponent = tensorOf('int32', [4, 31, -3, -3, -2, -1, 0])
    expectTensor(pow(base, exponent), 'int32', [7], [81, -2147483648, 1, -1, 1, 0, 1])
    expectTensor(pow(tensorOf('uint8', [2, 3]), 8), 'uint8', [2], [0, 161])
    expectTensor(pow(tensorOf('int8', [2, -3]), 7), 'int8', [2], [-128, 117])
  })

  it('of an integer with a fraction is float32', () => {
    expectTensor(pow(tensorOf('int32', [4, 9]), 0.5), 'float32', [2], [2, 3])
    expectTensor(pow(2, float([3])), 'float32', [1], [8])
    expectTensor(pow(tensorOf('bool', [0, 1]), tensorOf('bool', [0, 0])), 'int32', [2], [1, 1])
  })

  it('agrees with finite differences', () => {
    gradcheck(pow, [float([0.5, 1.5, 2]), float([2, -1.5, 0.7])], { order: 2 })
    gradcheck(x => pow(x, 3), [float([-1.5, 0.5, 2])], { order: 2 })
  })

  it('has derivative 0 by the base where the exponent is 0, and by the exponent where the base is 0', () => {
    const a = float([0, 0, 2, 3])
    const b = float([2, 0, 0, 1])
    const [da, db] = gradients(pow(a, b).sum(), [a, b])
    expectClose(da, [0, 0, 0, 1])
    expectClose(db, [0, 0, Math.log(2), 3 * Math.log(3)])
  })
})

describe('roots', () => {
  it('sqrt and rsqrt of floats and integers', () => {
    expect(numbers(sqrt(float([4, 0, -0, -1, Infinity])))).toEqual([2, 0, -0, NaN, Infinity])
    expect(numbers(rsqrt(float([4, 0, Infinity, -1])))).toEqual([0.5, Infinity, 0, NaN])
    expectTensor(sqrt(tensorOf('uint8', [9])), 'float32', [1], [3])
    expectTensor(rsqrt(tensorOf('bool', [1])), 'float32', [1], [1])
    expectTensor(sqrt(tensorOf('float16', [2])), 'float16', [1], [1.4140625])
  })

  it('sqrt has derivative +Infinity at 0', () => {
    expect(slope(sqrt, float([0, 4]))).toEqual([Infinity, 0.25])
  })

  it('agree with finite differences', () => {
    for (const f of [sqrt, rsqrt]) gradcheck(f, [float([0.5, 1.5, 4])], { order: 2 })
  })
})

describe('hypot', () => {
  it('does not overflow', () => {
    expectClose(hypot(float([3, 3e30, 0]), float([4, 4e30, 0])), [5, 5e30, 0])
    expectTensor(hypot(tensorOf('int32', [3]), 4), 'float32', [1], [5])
  })

  it('has derivative 0 at the origin', () => {
    const [a, b] = [float([0, 3]), float([0, 4])]
    const [da, db] = gradients(hypot(a, b).sum(), [a, b])
    expectClose(da, [0, 0.6])
    expectClose(db, [0, 0.8])
  })

  it('agrees with finite differences', () => {
    gradcheck(hypot, [float([3, -1, 0.5]), float([4, 2, -0.25])], { order: 2 })
  })
})
