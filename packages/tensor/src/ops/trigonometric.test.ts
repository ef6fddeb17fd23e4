import { gradcheck } from '@surprisal/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expectClose, expectTensor, float, numbers, tensorOf } from './__fixtures__/test-tools.ts'
import { add, square } from './arithmetic.ts'
import { acos, acosh, asin, asinh, atan, atan2, atanh, cos, cosh, sin, sinh, tan, tanh } from './trigonometric.ts'

const functions = { sin, cos, tan, asin, acos, atan, sinh, cosh, tanh, asinh, acosh, atanh }
const names = Object.keys(functions) as (keyof typeof functions)[]
const points = (name: (typeof names)[number]) => (name === 'acosh' ? [1.25, 2, 3.5] : [-0.75, -0.25, 0.5])

describe('functions of angles', () => {
  it.each(names)('%s is the function of its name', name => {
    const xs = points(name)
    expectClose(functions[name](float(xs)), xs.map(Math[name]))
  })

  it.each(names)('%s gives float32 for integers and bools, and float16 for float16', name => {
    expectClose(functions[name](tensorOf('int32', [1])), [Math[name](1)])
    expect(functions[name](tensorOf('bool', [1])).dtype).toBe('float32')
    expect(functions[name](tensorOf('float16', [1])).dtype).toBe('float16')
  })

  it.each(names)('%s agrees with finite differences', name => {
    gradcheck(functions[name], [float(points(name))], { order: 2 })
  })

  it('are NaN outside of their domain', () => {
    expect(numbers(asin(float([1.5, NaN])))).toEqual([NaN, NaN])
    expect(numbers(acosh(float([0.5, 1])))).toEqual([NaN, 0])
    expect(numbers(atanh(float([1, -1, 2])))).toEqual([Infinity, -Infinity, NaN])
    expect(numbers(sin(float([Infinity, -0])))).toEqual([NaN, -0])
  })

  it('tanh never leaves [-1, 1]', () => {
    expect(numbers(tanh(float([-Infinity, -100, -0, 100, Infinity])))).toEqual([-1, -1, -0, 1, 1])
  })

  it('sin and cos lie on the unit circle', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, min: -8192, max: 8192 }), x => {
        expectClose(add(square(sin(float([x]))), square(cos(float([x])))), [1], 1e-6)
      }),
      { numRuns: 30 },
    )
  })
})

describe('atan2', () => {
  it('uses the signs of both', () => {
    const quarter = Math.PI / 4
    expectClose(atan2(float([1, 1, -1, -1]), float([1, -1, -1, 1])), [quarter, 3 * quarter, -3 * quarter, -quarter])
    expectClose(atan2(float([0, -0, 0]), float([-1, -1, 1])), [Math.PI, -Math.PI, 0])
    expectTensor(atan2(tensorOf('int32', [0]), 1), 'float32', [1], [0])
  })

  it('agrees with finite differences', () => {
    gradcheck(atan2, [float([0.5, -1, 2]), float([1.5, -0.5, -2])], { order: 2 })
  })
})
