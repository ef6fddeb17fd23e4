import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { gradients } from '../index.ts'
import { expectClose, expectError, expectTensor, float, numbers, slope, tensorOf } from './__fixtures__/test-tools.ts'
import { square } from './arithmetic.ts'
import { gelu } from './gelu.ts'

const forms = ['none', 'tanh'] as const

describe('gelu', () => {
  it('by the error function', () => {
    const expected = [-0.000126684967, -0.0155241633, -0.158655254, 0, 0.149676581, 0.841344746, 5.99999999]
    expectClose(gelu(float([-4, -2.5, -1, 0, 0.25, 1, 6])), expected, 1e-6, 1e-6)
    expectClose(gelu(float([1]), { approximate: 'none' }), [0.841344746])
  })

  it('by tanh', () => {
    const formula = (x: number) => (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))
    const points = [-4, -1, -0.25, 0, 0.5, 2]
    expectClose(gelu(float(points), { approximate: 'tanh' }), points.map(formula), 1e-6, 1e-6)
  })

  it.each(forms)('%s: 0 at -Infinity and x at +Infinity, with derivatives 0 and 1', approximate => {
    const f = (x: ReturnType<typeof float>) => gelu(x, { approximate })
    const x = float([-Infinity, -1e30, -50, 50, 1e30, Infinity])
    expect(numbers(f(x)).map(y => y + 0)).toEqual([0, 0, 0, 50, Math.fround(1e30), Infinity])
    expect(slope(f, x).map(y => y + 0)).toEqual([0, 0, 0, 1, 1, 1])
    const [grad] = gradients(f(x).sum(), [x])
    expect(numbers(gradients(square(grad).sum(), [x])[0]).map(y => y + 0)).toEqual([0, 0, 0, 0, 0, 0])
    expect(numbers(f(float([NaN])))).toEqual([NaN])
  })

  it.each(forms)('%s: agrees with finite differences to second order', approximate => {
    gradcheck(x => gelu(x, { approximate }), [float([-4, -1, -0.25, 0, 0.5, 2, 6])], { order: 2 })
  })

  it('reads integers as float32 and rounds float16 once', () => {
    expectClose(gelu(tensorOf('int32', [1])), [0.841344746])
    expectTensor(gelu(tensorOf('float16', [1])), 'float16', [1], [0.84130859375])
  })

  it('rejects another form', () => {
    const call = () => gelu(float([1]), { approximate: 'sigmoid' as never })
    expectError(call, 'argument', "gelu: approximate must be 'none' or 'tanh', got string sigmoid")
  })
})
