import { gradcheck } from '@surprisal/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expectClose, expectError, expectTensor, float, numbers, slope, tensorOf } from './__fixtures__/test-tools.ts'
import { add } from './arithmetic.ts'
import { logsumexp, mean, std, var as variance } from './statistics.ts'

const grid = float([1, 2, 4, -1, 0.5, 3], [2, 3])

describe('mean', () => {
  it('over dims', () => {
    expectClose(mean(grid), [9.5 / 6])
    expectTensor(mean(grid, { dim: 0, keepdim: true }), 'float32', [1, 3], [0, 1.25, 3.5])
    expectTensor(mean(tensorOf('uint8', [255, 0])), 'float32', [], [127.5])
    expectTensor(mean(tensorOf('bool', [1, 0])), 'float32', [], [0.5])
  })

  it('of nothing is NaN', () => {
    expectTensor(mean(float([], [2, 0]), { dim: 1 }), 'float32', [2], [NaN, NaN])
  })

  it('of float16 does not overflow in between', () => {
    expectTensor(mean(tensorOf('float16', [60000, 60000])), 'float16', [], [60000])
  })

  it('agrees with finite differences', () => {
    gradcheck(x => mean(x, { dim: 1 }), [grid], { order: 2 })
  })
})

describe('var and std', () => {
  it('divide by n - correction', () => {
    expectClose(variance(float([1, 2, 3, 4])), [5 / 3])
    expectClose(variance(float([1, 2, 3, 4]), { correction: 0 }), [1.25])
    expectClose(variance(float([1, 2, 3, 4]), { correction: 2 }), [2.5])
    expectClose(std(float([1, 2, 3, 4])), [Math.sqrt(5 / 3)])
    expectClose(variance(tensorOf('int32', [1, 2, 3, 4])), [5 / 3])
    expectTensor(variance(grid, { dim: [0, 1], keepdim: true, correction: 6 }), 'float32', [1, 1], [Infinity])
  })

  it('are NaN for too few elements', () => {
    for (const f of [variance, std]) {
      expectTensor(f(float([3])), 'float32', [], [NaN])
      expectTensor(f(float([], [2, 0]), { dim: 1 }), 'float32', [2], [NaN, NaN])
    }
    expectTensor(variance(float([3]), { correction: 0 }), 'float32', [], [0])
  })

  it('keep three digits of a unit spread around 1e4', () => {
    const unit = Array.from({ length: 1000 }, (_, i) => Math.sin(i * 12.9898) * 1.5)
    const average = unit.reduce((a, b) => a + b, 0) / 1000
    const expected = unit.reduce((total, x) => total + (x - average) ** 2, 0) / 999
    expectClose(variance(float(unit.map(x => x + 1e4))), [expected], 1e-3)
  })

  it('std does not change with a shift', () => {
    const list = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 12 })
    fc.assert(
      fc.property(list, data => {
        expectClose(std(add(float(data), 16)), numbers(std(float(data))), 1e-5, 1e-5)
      }),
      { numRuns: 20 },
    )
  })

  it('agree with finite differences to second order', () => {
    gradcheck(x => variance(x, { dim: 1 }), [grid], { order: 2 })
    gradcheck(x => variance(x, { correction: 0, keepdim: true }), [grid], { order: 2 })
    gradcheck(x => std(x, { dim: 0 }), [grid], { order: 2 })
  })

  it('std has gradient 0 where it is 0', () => {
    expect(slope(std, float([2, 2, 2]))).toEqual([0, 0, 0])
  })

  it('reject a correction that is no number', () => {
    const call = () => variance(grid, { correction: true as never })
    expectError(call, 'argument', 'var: correction must be a number, got boolean true')
    expectError(() => std(grid, { dim: 2 }), 'argument', 'std: dim 2 is out of range for rank 2')
  })
})

describe('logsumexp', () => {
  it('does not overflow', () => {
    const x = float([1000, 1001, 999, -1000, -1001, -999, -Infinity, 0, -Infinity], [3, 3])
    expectClose(logsumexp(x, { dim: 1 }), [1001.40761, -998.592394, 0])
    expectTensor(logsumexp(float([0, 0], [2, 1]), { dim: 1, keepdim: true }), 'float32', [2, 1], [0, 0])
    expectClose(logsumexp(tensorOf('int32', [0, 0])), [Math.LN2])
  })

  it('at infinities, NaN and of nothing', () => {
    const x = float([-Infinity, -Infinity, Infinity, 0, Infinity, -Infinity, NaN, 0], [4, 2])
    expectTensor(logsumexp(x, { dim: 1 }), 'float32', [4], [-Infinity, Infinity, Infinity, NaN])
    expectTensor(logsumexp(float([], [2, 0]), { dim: 1 }), 'float32', [2], [-Infinity, -Infinity])
    expectTensor(logsumexp(float([])), 'float32', [], [-Infinity])
  })

  it('has the softmax as gradient, 0 where the result is -Infinity', () => {
    const x = float([-Infinity, -Infinity, -Infinity, 0, 1, 1], [3, 2])
    expectClose(float(slope(y => logsumexp(y, { dim: 1 }), x)), [0, 0, 0, 1, 0.5, 0.5])
    gradcheck(y => logsumexp(y, { dim: 1 }), [grid], { order: 2 })
    gradcheck(y => logsumexp(y, { keepdim: true }), [grid], { order: 2 })
  })
})
