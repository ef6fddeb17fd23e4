import {
  customGradient,
  normal,
  ones,
  randomKey,
  SurprisalError,
  stopGradient,
  type Tensor,
  tensor,
} from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { gradcheck } from './gradcheck.ts'

const x = tensor([0.5, -1.5, 2])

/** x^3 with a gradient that is `factor` times what it should be. */
const cube = (factor: number) =>
  customGradient(
    y => y.pow(3),
    (dy, [y]) => [dy.mul(y.square()).mul(3 * factor)],
  )

describe('gradcheck', () => {
  it('accepts right gradients, of several inputs and outputs', () => {
    gradcheck(cube(1), [x], { order: 2 })
    gradcheck((a, b) => [a.mul(b), a.exp(), b.argmax()], [x, x.add(1)], { order: 2 })
    gradcheck(() => x.sum(), [ones([2])])
  })

  it('names the input, the element and both numbers of a wrong gradient', () => {
    expect(() => gradcheck((_, y) => cube(1.01)(y), [ones([2]), tensor([2])])).toThrow(
      /^gradcheck: gradient of input 1 at element 0 must be [\d.]+, got [\d.]+$/,
    )
  })

  it.each([0.999, 1.001, 0, -1, Number.NaN])('catches a gradient that is %d times the right one', factor => {
    expect(() => gradcheck(cube(factor), [x])).toThrow('gradcheck: gradient of input 0')
  })

  it('catches a gradient that stops', () => {
    expect(() => gradcheck(y => y.mul(stopGradient(y)), [x])).toThrow('gradcheck: gradient of input 0')
  })

  it('catches a rule that is wrong only in one element, and only in the second order', () => {
    const mask = tensor([1, 1, 1.5])
    const oneOff = customGradient(
      y => y.square(),
      (dy, [y]) => [dy.mul(y).mul(2).mul(mask)],
    )
    expect(() => gradcheck(oneOff, [x])).toThrow('at element 2')
    const frozen = customGradient(
      y => y.square(),
      (dy, [y]) => [dy.mul(stopGradient(y)).mul(2)],
    )
    gradcheck(frozen, [x])
    expect(() => gradcheck(frozen, [x], { order: 2 })).toThrow('gradcheck: second gradient of input 0')
  })

  it('computes in float64: small slopes of large values count', () => {
    const rounded = (y: Tensor) => y.mul(1e-3).add(10)
    gradcheck(rounded, [x], { atol: 1e-9 })
    const wrong = customGradient(rounded, dy => [dy.mul(1.01e-3)])
    expect(() => gradcheck(wrong, [x], { atol: 1e-9 })).toThrow('gradcheck')
  })

  it('varies at most the number of elements it is allowed', () => {
    const first = tensor(Float32Array.from({ length: 100 }, (_, i) => (i === 1 ? 2 : 1)))
    const wrong = customGradient(
      y => y.mul(1),
      dy => [dy.mul(first)],
    )
    const many = normal(randomKey(0), [100])
    gradcheck(wrong, [many], { maxElements: 10 })
    expect(() => gradcheck(wrong, [many], { maxElements: 100 })).toThrow('at element 1')
  })

  it('leaves integers alone and takes lazy inputs', () => {
    const index = tensor([2, 0], { dtype: 'int32' })
    gradcheck((y, i) => y.indexSelect(0, i).square(), [normal(randomKey(1), [3]), index])
  })

  it.each([
    [() => gradcheck(y => y.argmax(), [x]), 'gradcheck: fn must give a float32 tensor, got none'],
    [() => gradcheck(() => x.sum(), []), 'gradcheck: inputs must hold a float32 element to vary, got none'],
    [
      () => gradcheck(y => y.sum(), [tensor([1], { dtype: 'int32' }).cast('int32'), ones([0])]),
      'gradcheck: inputs must hold a float32 element to vary, got none',
    ],
  ])('refuses to check nothing', (call, message) => {
    expect(call).toThrow(new SurprisalError('argument', message))
  })
})
