import { gradcheck } from '@surprisal/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gradients } from '../index.ts'
import { expectClose, expectTensor, float, numbers, tensorOf } from './__fixtures__/test-tools.ts'
import { exp, exp2, expm1, log, log1p, log2, log10, logaddexp, xlogy } from './exponential.ts'

const special = [NaN, Infinity, -Infinity, 0, 1]

describe('exponentials and logarithms', () => {
  const table: [string, typeof exp, number[]][] = [
    ['exp', exp, [NaN, Infinity, 0, 1, Math.E]],
    ['exp2', exp2, [NaN, Infinity, 0, 1, 2]],
    ['expm1', expm1, [NaN, Infinity, -1, 0, Math.E - 1]],
    ['log', log, [NaN, Infinity, NaN, -Infinity, 0]],
    ['log2', log2, [NaN, Infinity, NaN, -Infinity, 0]],
    ['log10', log10, [NaN, Infinity, NaN, -Infinity, 0]],
    ['log1p', log1p, [NaN, Infinity, NaN, 0, Math.LN2]],
  ]

  it.each(table)('%s at NaN, the infinities, 0 and 1', (_name, f, expected) => {
    expectClose(f(float(special)), expected)
  })

  it.each(table)('%s gives float32 for integers and bools', (_name, f) => {
    expectClose(f(tensorOf('int32', [1, 2])), numbers(f(float([1, 2]))))
    expect(f(tensorOf('uint8', [1])).dtype).toBe('float32')
    expect(f(tensorOf('bool', [1])).dtype).toBe('float32')
    expect(f(tensorOf('float16', [1])).dtype).toBe('float16')
  })

  it.each(table)('%s agrees with finite differences', (_name, f) => {
    gradcheck(f, [float([0.25, 0.75, 1, 1.5, 3.25])], { order: 2 })
  })

  it('keep relative precision near zero', () => {
    expectClose(expm1(float([1e-6, -3e-7])), [1.0000005e-6, -2.99999955e-7], 1e-6, 0)
    expectClose(log1p(float([1e-6, -3e-7])), [9.999995e-7, -3.00000045e-7], 1e-6, 0)
  })

  it('log undoes exp', () => {
    fc.assert(
      fc.property(fc.array(fc.float({ noNaN: true, min: -80, max: 80 }), { minLength: 1, maxLength: 17 }), xs => {
        expectClose(log(exp(float(xs))), xs, 1e-6, 1e-6)
      }),
      { numRuns: 20 },
    )
  })
})

describe('logaddexp', () => {
  it('does not overflow, and -Infinity is its neutral element', () => {
    const a = float([1000, -Infinity, -Infinity, Infinity, NaN])
    const b = float([1000, -Infinity, 3, Infinity, 1])
    expectClose(logaddexp(a, b), [1000 + Math.LN2, -Infinity, 3, Infinity, NaN])
  })

  it('has the softmax weights as derivatives', () => {
    const [a, b] = [float([0, 2]), float([0, 1])]
    const [da, db] = gradients(logaddexp(a, b).sum(), [a, b])
    const weight = 1 / (1 + Math.exp(-1))
    expectClose(da, [0.5, weight])
    expectClose(db, [0.5, 1 - weight])
    gradcheck(logaddexp, [float([0.5, -1, 2]), float([0.5, 3, -1])], { order: 2 })
  })
})

describe('xlogy', () => {
  it('is 0 where x is 0 unless y is NaN', () => {
    const x = float([0, 0, 0, 0, 0, 2, 2])
    const y = float([0, -1, Infinity, 0.5, NaN, 3, 0])
    expect(numbers(xlogy(x, y)).map(Math.abs)).toEqual([
      0,
      0,
      0,
      0,
      NaN,
      Math.fround(2 * Math.fround(Math.log(3))),
      Infinity,
    ])
  })

  it('takes numbers and integers', () => {
    expectClose(xlogy(2, float([1, 3])), [0, 2 * Math.log(3)])
    expectTensor(xlogy(tensorOf('int32', [0, 1]), tensorOf('int32', [0, 1])), 'float32', [2], [0, 0])
    expect(xlogy(tensorOf('float16', [1]), tensorOf('float16', [2])).dtype).toBe('float16')
  })

  it('has a finite gradient where x is 0', () => {
    const [x, y] = [float([0, 0, 2]), float([0, 0.5, 4])]
    const [dx, dy] = gradients(xlogy(x, y).sum(), [x, y])
    expectClose(dx, [0, Math.log(0.5), Math.log(4)])
    expectClose(dy, [0, 0, 0.5])
    gradcheck(xlogy, [float([0.5, 2]), float([1.5, 0.25])], { order: 2 })
  })
})
