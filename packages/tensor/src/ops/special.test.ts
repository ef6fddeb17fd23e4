import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { expectClose, float, numbers, tensorOf } from './__fixtures__/test-tools.ts'
import { add } from './arithmetic.ts'
import { erf, erfc, erfinv } from './special.ts'

describe('erf and erfc', () => {
  it('at NaN, the infinities and signed zeros', () => {
    expect(numbers(erf(float([NaN, Infinity, -Infinity, 0, -0])))).toEqual([NaN, 1, -1, 0, -0])
    expect(numbers(erfc(float([NaN, Infinity, -Infinity, 0])))).toEqual([NaN, 0, 2, 1])
  })

  it('at known points', () => {
    expectClose(erf(float([0.5, 1, -2.5, 3.5])), [0.5204998778, 0.8427007929, -0.999593048, 0.9999992569])
    expectClose(erfc(float([1, 3, 5])), [0.1572992071, 2.209049699858544e-5, 1.5374597944280349e-12], 1e-5, 0)
  })

  it('sum to 1', () => {
    const x = float([-3, -0.5, 0.1, 2])
    expectClose(add(erf(x), erfc(x)), [1, 1, 1, 1])
  })

  it('give float32 for integers', () => {
    for (const f of [erf, erfc]) expect(f(tensorOf('int32', [1])).dtype).toBe('float32')
    expect(erf(tensorOf('float16', [1])).dtype).toBe('float16')
  })

  it('agree with finite differences', () => {
    for (const f of [erf, erfc]) gradcheck(f, [float([-2, -0.5, 0.25, 1.5])], { order: 2 })
  })
})

describe('erfinv', () => {
  it('inverts erf, with infinities at the ends and NaN beyond', () => {
    const x = float([-2, -0.3, 0.001, 1.7])
    expectClose(erfinv(erf(x)), [-2, -0.3, 0.001, 1.7], 1e-4)
    expect(numbers(erfinv(float([1, -1, 0, -0, 1.1, NaN])))).toEqual([Infinity, -Infinity, 0, -0, NaN, NaN])
    expect(numbers(erfinv(tensorOf('int32', [0, 1])))).toEqual([0, Infinity])
  })

  it('agrees with finite differences', () => {
    gradcheck(erfinv, [float([-0.9, -0.3, 0.1, 0.6])], { order: 2 })
  })
})
