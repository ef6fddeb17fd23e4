import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { expectClose, expectError, expectTensor, float, numbers, slope, tensorOf } from './__fixtures__/test-tools.ts'
import * as activations from './activations.ts'

const { hardsigmoid, hardswish, logSigmoid, mish, sigmoid, silu, softplus, softsign } = activations
const logistic = (x: number) => 1 / (1 + Math.exp(-x))
const clip = (x: number, low: number, high: number) => Math.min(Math.max(x, low), high)

const formulas: [string, (x: ReturnType<typeof float>) => ReturnType<typeof float>, (x: number) => number][] = [
  ['sigmoid', sigmoid, logistic],
  ['logSigmoid', logSigmoid, x => Math.log(logistic(x))],
  ['softplus', softplus, x => Math.log1p(Math.exp(x))],
  ['silu', silu, x => x * logistic(x)],
  ['mish', mish, x => x * Math.tanh(Math.log1p(Math.exp(x)))],
  ['hardsigmoid', hardsigmoid, x => clip(x / 6 + 0.5, 0, 1)],
  ['hardswish', hardswish, x => (x * clip(x + 3, 0, 6)) / 6],
  ['softsign', softsign, x => x / (1 + Math.abs(x))],
]
const points = [-5, -2.5, -1, -0.25, 0, 0.5, 1.75, 4]

describe.each(formulas)('%s', (_name, f, formula) => {
  it('is its formula', () => {
    expectClose(f(float(points)), points.map(formula))
  })

  it('keeps NaN', () => {
    expect(numbers(f(float([NaN])))).toEqual([NaN])
  })

  it('reads integers and bools as float32, and rounds float16 once', () => {
    expectClose(f(tensorOf('int32', [-2, 1])), [-2, 1].map(formula))
    expect(f(tensorOf('uint8', [1])).dtype).toBe('float32')
    expect(f(tensorOf('bool', [1])).dtype).toBe('float32')
    const half = f(tensorOf('float16', [0.75]))
    expectTensor(half, 'float16', [1], numbers(tensorOf('float16', [formula(0.75)])))
  })

  it('agrees with finite differences to second order', () => {
    gradcheck(f, [float(points.filter(x => x !== 0))], { order: 2 })
  })
})

describe('at the ends of the range', () => {
  it('sigmoid and logSigmoid do not overflow', () => {
    expect(numbers(sigmoid(float([-Infinity, -1000, 1000, Infinity])))).toEqual([0, 0, 1, 1])
    expectClose(logSigmoid(float([-Infinity, -1000, 1000, Infinity])), [-Infinity, -1000, 0, 0])
    expectClose(float(slope(logSigmoid, float([-1000, 0, 1000]))), [1, 0.5, 0])
  })

  it('softplus does not overflow', () => {
    expect(numbers(softplus(float([-Infinity, -1000, 1000, Infinity])))).toEqual([0, 0, 1000, Infinity])
    expectClose(float(slope(softplus, float([-1000, 0, 1000]))), [0, 0.5, 1])
  })

  it('mish and silu are near x for large x', () => {
    for (const f of [mish, silu]) {
      expect(numbers(f(float([1000])))).toEqual([1000])
      expect(slope(f, float([1000, -1000]))).toEqual([1, 0])
    }
  })
})

describe('softplus', () => {
  it('is the identity above the threshold', () => {
    expect(numbers(softplus(float([1, 1.5, 3]), { threshold: 1 })).slice(1)).toEqual([1.5, 3])
    expectClose(softplus(float([1]), { threshold: 1 }), [Math.log1p(Math.E)])
  })

  it('takes beta', () => {
    expectClose(softplus(float([-1, 0.5]), { beta: 2 }), [Math.log1p(Math.exp(-2)) / 2, Math.log1p(Math.E) / 2])
    expectTensor(softplus(float([11]), { beta: 2 }), 'float32', [1], [11])
    gradcheck(x => softplus(x, { beta: 2, threshold: 3 }), [float([-1, 0.5, 1, 2])], { order: 2 })
  })

  it('rejects bad options', () => {
    const x = float([1])
    expectError(
      () => softplus(x, { beta: 0 }),
      'argument',
      'softplus: beta must be a finite number other than 0, got 0',
    )
    expectError(() => softplus(x, { threshold: NaN }), 'argument', 'softplus: threshold must be a number, got NaN')
    expectError(() => softplus(x, 2 as never), 'argument', 'softplus: options must be an object, got 2')
  })
})

describe('gradients at the corners', () => {
  it('hardsigmoid passes at its bounds', () => {
    expectClose(float(slope(hardsigmoid, float([-4, -3, 0, 3, 4]))), [0, 1 / 6, 1 / 6, 1 / 6, 0])
  })

  it('hardswish is the derivative of its formula, bounds included', () => {
    expectClose(float(slope(hardswish, float([-4, -3, 0, 3, 4]))), [0, -0.5, 0.5, 1.5, 1])
  })

  it('softsign has derivative 1 at 0', () => {
    expect(slope(softsign, float([0]))).toEqual([1])
  })
})
