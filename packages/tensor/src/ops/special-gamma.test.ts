import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { expectClose, expectError, expectTensor, float, numbers, slope, tensorOf } from './__fixtures__/test-tools.ts'
import { digamma, lgamma, polygamma } from './special-gamma.ts'

const euler = 0.5772156649015329

describe('lgamma and digamma', () => {
  it('at known points', () => {
    expectClose(lgamma(float([0.5, 1, 2, 5, -0.5])), [Math.log(Math.PI) / 2, 0, 0, Math.log(24), 1.2655121234846454])
    expectClose(digamma(float([1, 2, 0.5])), [-euler, 1 - euler, -euler - 2 * Math.LN2])
  })

  it('at poles and infinities', () => {
    expect(numbers(lgamma(float([0, -1, -8, Infinity, -Infinity, NaN])))).toEqual([
      Infinity,
      Infinity,
      Infinity,
      Infinity,
      Infinity,
      NaN,
    ])
    expect(numbers(digamma(float([0, -1, -8, Infinity, NaN])))).toEqual([-Infinity, NaN, NaN, Infinity, NaN])
  })

  it('give float32 for integers and keep float16', () => {
    expectTensor(lgamma(tensorOf('int32', [1])), 'float32', [1], [0])
    expect(digamma(tensorOf('float16', [1])).dtype).toBe('float16')
  })

  it('agree with finite differences', () => {
    for (const f of [lgamma, digamma]) gradcheck(f, [float([-2.3, -0.4, 0.3, 1.2, 5.5])], { order: 2 })
  })
})

describe('polygamma', () => {
  it('at known points', () => {
    expectClose(polygamma(float([1, 0.5]), 1), [Math.PI ** 2 / 6, Math.PI ** 2 / 2])
    expectClose(polygamma(float([1]), 2), [-2 * 1.2020569031595942])
    expectClose(polygamma(float([1]), 3), [Math.PI ** 4 / 15])
  })

  it('of order 0 is digamma, and each order the slope of the one before', () => {
    const x = float([-1.7, -0.2, 0.4, 3, 20])
    expect(numbers(polygamma(x, 0))).toEqual(numbers(digamma(x)))
    for (const n of [0, 1, 4])
      expectClose(
        polygamma(x, n + 1),
        slope(y => polygamma(y, n), x),
      )
    gradcheck(y => polygamma(y, 2), [x], { order: 2 })
  })

  it('has poles of the sign of its order', () => {
    expect(numbers(polygamma(float([0, -3]), 1))).toEqual([Infinity, Infinity])
    expect(numbers(polygamma(float([0, -3]), 2))).toEqual([-Infinity, -Infinity])
    expect(numbers(polygamma(float([Infinity]), 1))).toEqual([0])
  })

  it('keeps float16 and empty shapes', () => {
    expect(polygamma(tensorOf('float16', [1, 2]), 1).dtype).toBe('float16')
    expect(polygamma(float([], [0, 3]), 1).shape).toEqual([0, 3])
  })

  it.each([-1, 0.5, NaN])('refuses order %d', n => {
    expectError(() => polygamma(float([1]), n), 'argument', `polygamma: n must be an integer of at least 0, got ${n}`)
  })
})
