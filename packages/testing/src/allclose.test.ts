import { tensor } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { toBeAllclose } from './allclose.ts'

expect.extend({ toBeAllclose })

interface Matchers {
  toBeAllclose(expected: unknown, options?: { rtol?: number; atol?: number }): void
  not: Matchers
}
const check = (x: unknown): Matchers => expect(x) as unknown as Matchers

describe('toBeAllclose', () => {
  it('takes tensors, typed arrays, lists and numbers on both sides', () => {
    check(tensor([1, 2])).toBeAllclose([1, 2])
    check([1, 2]).toBeAllclose(tensor([1, 2.00001]))
    check(Float32Array.of(0.1)).toBeAllclose(Float64Array.of(0.1))
    check(tensor(3)).toBeAllclose(3)
    check(3).toBeAllclose(3.00001)
    check([]).toBeAllclose(tensor([]))
  })

  it('takes tolerances', () => {
    check([100]).not.toBeAllclose([101])
    check([100]).toBeAllclose([101], { rtol: 0.01 })
    check([0]).not.toBeAllclose([1e-6])
    check([0]).toBeAllclose([1e-6], { atol: 1e-6 })
  })

  it('takes NaN for NaN and infinities by sign', () => {
    check([Number.NaN, Number.POSITIVE_INFINITY]).toBeAllclose([Number.NaN, Number.POSITIVE_INFINITY])
    check([Number.NaN]).not.toBeAllclose([0])
    check([0]).not.toBeAllclose([Number.NaN])
    check([Number.NEGATIVE_INFINITY]).not.toBeAllclose([Number.POSITIVE_INFINITY])
  })

  it.each([
    [[1, 3, 9], [1, 2, 3], 'element 1: expected 2, got 3 (rtol 0.00001, atol 1e-8)'],
    [[1], [1, 2], 'expected 2 elements, got 1'],
    [tensor([1, 2]), tensor([[1, 2]]), 'expected shape [1, 2], got [2]'],
    [[1], [1], 'expected the values to differ'],
  ])('says what is wrong', (received, expected, message) => {
    expect(toBeAllclose(received, expected).message()).toBe(message)
  })
})
