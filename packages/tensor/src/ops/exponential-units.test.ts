import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { expectClose, expectError, expectTensor, float, numbers, slope, tensorOf } from './__fixtures__/test-tools.ts'
import { celu, elu, selu } from './exponential-units.ts'

const scale = 1.0507009873554805
const alpha = 1.6732632423543772
const points = [-3, -0.5, -1e-6, 0, 0.5, 200]

describe('elu', () => {
  it('is its formula', () => {
    expectClose(
      elu(float(points)),
      points.map(x => (x > 0 ? x : Math.expm1(x))),
    )
    expectClose(
      elu(float(points), { alpha: 2 }),
      points.map(x => (x > 0 ? x : 2 * Math.expm1(x))),
    )
  })

  it('takes the derivative alpha at 0, and a finite one everywhere', () => {
    expect(slope(x => elu(x, { alpha: 2 }), float([0, 1000, -1000, Infinity, -Infinity]))).toEqual([2, 1, 0, 1, 0])
    gradcheck(x => elu(x), [float([-3, -0.5, 0.5, 2])], { order: 2 })
  })
})

describe('selu', () => {
  it('is its formula', () => {
    expectClose(
      selu(float(points)),
      points.map(x => scale * (x > 0 ? x : alpha * Math.expm1(x))),
    )
  })

  it('takes the derivative scale * alpha at 0', () => {
    expectClose(float(slope(selu, float([0, 1000, -1000]))), [scale * alpha, scale, 0])
    gradcheck(selu, [float([-3, -0.5, 0.5, 2])], { order: 2 })
  })
})

describe('celu', () => {
  it.each([0.5, 1, 2, -1])('with alpha %d is its formula', a => {
    const formula = (x: number) => Math.max(0, x) + Math.min(0, a * Math.expm1(x / a))
    const xs = points.filter(x => x < 50)
    expectClose(celu(float(xs), { alpha: a }), xs.map(formula))
  })

  it('takes the derivative 1 at 0', () => {
    expect(slope(x => celu(x, { alpha: 2 }), float([0, 1000, -Infinity]))).toEqual([1, 1, 0])
    gradcheck(x => celu(x, { alpha: 0.75 }), [float([-3, -0.5, 0.5, 2])], { order: 2 })
  })

  it('rejects alpha 0', () => {
    expectError(
      () => celu(float([1]), { alpha: 0 }),
      'argument',
      'celu: alpha must be a finite number other than 0, got 0',
    )
  })
})

describe('all three', () => {
  it.each([elu, selu, celu])('approach a limit at -Infinity and keep NaN', f => {
    const [low, high, missing] = numbers(f(float([-Infinity, Infinity, NaN])))
    expect(low).toBeLessThan(0)
    expect([high, missing]).toEqual([Infinity, NaN])
  })

  it.each([elu, selu, celu])('read integers as float32 and round float16 once', f => {
    expectClose(f(tensorOf('int32', [-1, 2])), numbers(f(float([-1, 2]))))
    expectTensor(f(tensorOf('float16', [-1])), 'float16', [1], numbers(tensorOf('float16', numbers(f(float([-1]))))))
  })
})
