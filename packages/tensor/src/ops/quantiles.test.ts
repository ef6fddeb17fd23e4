import { gradcheck } from '@surprisal/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expectClose, expectError, expectTensor, float, numbers, slope, tensorOf } from './__fixtures__/test-tools.ts'
import { median, quantile } from './quantiles.ts'

describe('median', () => {
  it('is the lower middle', () => {
    expectTensor(median(float([3, 1, 2])), 'float32', [], [2])
    expectTensor(median(float([4, 1, 3, 2])), 'float32', [], [2])
    expectTensor(median(float([5, 1, 4, 2, 6, 0], [2, 3]), { dim: 1 }), 'float32', [2], [4, 2])
    expectTensor(median(float([5, 1, 4, 2, 6, 0], [2, 3]), { dim: 0, keepdim: true }), 'float32', [1, 3], [2, 1, 0])
    expectTensor(median(float([5, 1, 4, 2, 6, 0], [2, 3]), { dim: [0, 1] }), 'float32', [], [2])
    expectTensor(median(float([7], [])), 'float32', [], [7])
  })

  it('is NaN if any is', () => {
    expectTensor(median(float([NaN, 1, 2, 3, 4, 5], [2, 3]), { dim: 1 }), 'float32', [2], [NaN, 4])
  })

  it('keeps the dtype', () => {
    for (const dtype of ['int32', 'uint8', 'float16'] as const)
      expectTensor(median(tensorOf(dtype, [9, 3, 5, 7])), dtype, [], [5])
    expectTensor(median(tensorOf('bool', [1, 0, 1])), 'bool', [], [1])
  })

  it('gives its gradient to the selected element', () => {
    expect(slope(median, float([4, 1, 3, 2]))).toEqual([0, 0, 0, 1])
    expect(slope(median, float([2, 2, 2]))).toEqual([0, 1, 0])
    gradcheck(x => median(x, { dim: 0 }), [float([5, 1, 4, 2, 6, 0], [2, 3])], { order: 2 })
  })

  it('needs an element', () => {
    expectError(() => median(float([], [2, 0]), { dim: 1 }), 'shape', 'median: cannot reduce an empty dim')
  })
})

describe('quantile', () => {
  const x = float([4, 1, 3, 2])

  it('interpolates linearly', () => {
    expectClose(quantile(x, 0.5), [2.5])
    expectClose(quantile(x, 0), [1])
    expectClose(quantile(x, 1), [4])
    expectClose(quantile(x, 0.1), [1.3])
    expectTensor(quantile(tensorOf('int32', [1, 2]), 0.5), 'float32', [], [1.5])
    expectTensor(quantile(tensorOf('float16', [1, 2]), 0.25), 'float16', [], [1.25])
  })

  it('puts a dim first for a list', () => {
    const grid = float([5, 1, 4, 2, 6, 0], [2, 3])
    expectTensor(quantile(grid, [0, 0.5, 1], { dim: 1 }), 'float32', [3, 2], [1, 0, 4, 2, 5, 6])
    expectTensor(quantile(grid, [0.5], { dim: 1, keepdim: true }), 'float32', [1, 2, 1], [4, 2])
    expectTensor(quantile(grid, 0.5, { dim: 0 }), 'float32', [3], [3.5, 3.5, 2])
    expectTensor(quantile(grid, 0.5, { keepdim: true }), 'float32', [1, 1], [3])
    expectTensor(quantile(grid, [0.5]), 'float32', [1], [3])
  })

  it('is NaN if any is', () => {
    expectTensor(quantile(float([1, NaN, 3]), [0, 0.5, 1]), 'float32', [3], [NaN, NaN, NaN])
  })

  it('reaches infinities without interpolating from them', () => {
    expectTensor(quantile(float([-Infinity, 0, Infinity]), [0, 0.5, 1]), 'float32', [3], [-Infinity, 0, Infinity])
  })

  it('is infinite between an infinity and a finite or equal neighbour', () => {
    const rows = float(
      [-Infinity, 3, 2, Infinity, Infinity, Infinity, -Infinity, -Infinity, -Infinity, Infinity],
      [5, 2],
    )
    const middle = quantile(rows, 0.5, { dim: 1 })
    expectTensor(middle, 'float32', [5], [-Infinity, Infinity, Infinity, -Infinity, NaN])
  })

  it('shares its gradient between the neighbours', () => {
    expectClose(float(slope(y => quantile(y, 0.5), x)), [0, 0, 0.5, 0.5])
    gradcheck(y => quantile(y, [0.1, 0.6]), [x], { order: 2 })
  })

  it('grows with q', () => {
    const unit = fc.double({ noNaN: true, min: 0, max: 1 })
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -99, max: 99 }), { minLength: 1, maxLength: 9 }),
        unit,
        unit,
        (data, p, q) => {
          const [low, high] = numbers(quantile(float(data), [Math.min(p, q), Math.max(p, q)]))
          expect(low).toBeLessThanOrEqual(high)
        },
      ),
      { numRuns: 30 },
    )
  })

  it('rejects a bad q', () => {
    expectError(() => quantile(x, 1.5), 'argument', 'quantile: q must be in [0, 1], got 1.5')
    expectError(() => quantile(x, [0.5, NaN]), 'argument', 'quantile: q must be in [0, 1], got NaN')
    expectError(() => quantile(x, []), 'argument', 'quantile: q must not be an empty list')
    expectError(() => quantile(float([]), 0.5), 'shape', 'quantile: cannot reduce an empty dim')
  })
})
