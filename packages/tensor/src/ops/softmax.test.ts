import { gradcheck } from '@surprisal/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gradients } from '../index.ts'
import { expectClose, expectError, expectTensor, float, numbers, tensorOf } from './__fixtures__/test-tools.ts'
import { add, mul } from './arithmetic.ts'
import { exp } from './exponential.ts'
import { sum } from './reductions.ts'
import { logSoftmax, softmax } from './softmax.ts'

const logits = float([1000, 1001, 998, 0, -Infinity, 1], [2, 3])

describe('softmax and logSoftmax', () => {
  it('do not overflow', () => {
    expectClose(softmax(logits), [0.25949646, 0.705384513, 0.035119027, 0.268941421, 0, 0.731058579])
    expectClose(logSoftmax(logits), [-1.3490122, -0.3490122, -3.3490122, -1.3132617, -Infinity, -0.3132617], 1e-6)
  })

  it('take a dim', () => {
    const x = float([0, 5, 0, 5], [2, 2])
    expectClose(softmax(x, { dim: 0 }), [0.5, 0.5, 0.5, 0.5])
    expectClose(softmax(x, { dim: -2 }), [0.5, 0.5, 0.5, 0.5])
    expectClose(
      logSoftmax(x, { dim: 0 }),
      [1, 1, 1, 1].map(() => -Math.LN2),
    )
  })

  it('are NaN for a row of only -Infinity and empty for a dim of size 0', () => {
    for (const f of [softmax, logSoftmax]) {
      expect(numbers(f(float([-Infinity, -Infinity])))).toEqual([NaN, NaN])
      expectTensor(f(float([], [2, 0])), 'float32', [2, 0], [])
      expectTensor(f(float([], [0, 3])), 'float32', [0, 3], [])
    }
  })

  it('round float16 once', () => {
    expectTensor(
      softmax(tensorOf('float16', [0, 0, 0])),
      'float16',
      [3],
      [0, 0, 0].map(() => 0.333251953125),
    )
  })

  it('reject integers and unknown dims', () => {
    const ints = tensorOf('int32', [1, 2])
    expectError(() => softmax(ints), 'dtype', 'softmax: expected a float dtype, got int32')
    expectError(() => logSoftmax(tensorOf('bool', [1])), 'dtype', 'logSoftmax: expected a float dtype, got bool')
    expectError(() => softmax(logits, { dim: 2 }), 'argument', 'softmax: dim 2 is out of range for rank 2')
    expectError(() => softmax(logits, 1 as never), 'argument', 'softmax: options must be an object, got 1')
  })

  it('have a finite gradient beside -Infinity', () => {
    const weight = float([-0.12, -0.62, -1.09, 1.02, -0.36, -0.86], [2, 3])
    const [grad] = gradients(mul(softmax(logits), weight).sum(), [logits])
    expectClose(grad, [0.100362259, -0.0798793564, -0.0204829027, 0.369630434, 0, -0.369630434], 1e-4, 1e-6)
  })

  it('agree with finite differences to second order', () => {
    const x = float([0.5, -1, 2, 0.25, 1, -0.75], [2, 3])
    for (const f of [softmax, logSoftmax]) {
      gradcheck(y => f(y), [x], { order: 2 })
      gradcheck(y => f(y, { dim: 0 }), [x], { order: 2 })
    }
  })

  it('give weights that sum to 1 whatever is added to the logits', () => {
    const list = fc.array(fc.float({ noNaN: true, min: -60, max: 60 }), { minLength: 1, maxLength: 17 })
    fc.assert(
      fc.property(list, data => {
        expectClose(sum(softmax(float(data))), [1], 1e-5)
        expectClose(softmax(add(float(data), 500)), numbers(softmax(float(data))), 1e-3, 1e-4)
        expectClose(exp(logSoftmax(float(data))), numbers(softmax(float(data))), 1e-4, 1e-6)
      }),
      { numRuns: 20 },
    )
  })
})
