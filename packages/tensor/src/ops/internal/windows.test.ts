import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asTensor, build, counting, expectDense, read } from '../__fixtures__/test-arrays.ts'
import { expectTensor, float } from '../__fixtures__/test-tools.ts'
import { coveredBy, extents, padView, spans, uncovered, type Windows, windowView, within } from './windows.ts'

const op = 'test'
const one = (kernel: number, stride: number, dilation: number, before: number, outputs: number): Windows => ({
  kernel: [kernel],
  stride: [stride],
  dilation: [dilation],
  before: [before],
  outputs: [outputs],
})

/** Any windows, inside of the elements or not. */
const anyWindows = fc.integer({ min: 1, max: 2 }).chain(rank => {
  const perDim = (min: number, max: number) => fc.array(fc.integer({ min, max }), { minLength: rank, maxLength: rank })
  return fc.record({
    sizes: perDim(0, 5),
    windows: fc.record({
      kernel: perDim(1, 3),
      stride: perDim(1, 3),
      dilation: perDim(1, 2),
      before: perDim(-2, 3),
      outputs: perDim(0, 4),
    }),
  })
})

describe('the sizes of windows', () => {
  it('are those of one and of all', () => {
    expect(spans({ kernel: [3, 1], dilation: [2, 5] })).toEqual([5, 1])
    expect(extents(one(3, 4, 2, 7, 3))).toEqual([13])
    expect(extents(one(3, 4, 2, 0, 0))).toEqual([0])
  })

  it('tell whether all lie inside', () => {
    expect(within(one(2, 1, 1, 0, 3), [4])).toBe(true)
    expect(within(one(2, 1, 1, 0, 4), [4])).toBe(false)
    expect(within(one(2, 1, 1, 1, 1), [4])).toBe(false)
    expect(within(one(2, 1, 1, -1, 1), [4])).toBe(false)
  })
})

describe('padView', () => {
  it('moves into a shape, fills and crops', () => {
    const x = float([1, 2, 3])
    expectTensor(padView(op, x, [1], [5], 9), 'float32', [5], [9, 1, 2, 3, 9])
    expectTensor(padView(op, x, [-1], [3], 9), 'float32', [3], [2, 3, 9])
    expectTensor(padView(op, x, [-1], [1], 9), 'float32', [1], [2])
    expectTensor(padView(op, x, [5], [2], 9), 'float32', [2], [9, 9])
    expectTensor(padView(op, float([]), [1], [2], 9), 'float32', [2], [9, 9])
  })
})

describe('windowView of coveredBy', () => {
  it('reads every place of every window, and the fill outside', () => {
    fc.assert(
      fc.property(anyWindows, ({ sizes, windows }) => {
        const rank = sizes.length
        const x = counting([2, 3, ...sizes])
        const expected = build([6, ...windows.kernel, ...windows.outputs], ([row, ...index]) => {
          const at = sizes.map(
            (_, d) => index[rank + d] * windows.stride[d] + index[d] * windows.dilation[d] - windows.before[d],
          )
          return at.every((i, d) => i >= 0 && i < sizes[d]) ? read(x, [Math.floor(row / 3), row % 3, ...at]) : -5
        })
        expectDense(windowView(op, coveredBy(op, asTensor(x), windows, -5), [6], windows), expected)
      }),
      { numRuns: 300 },
    )
  })

  it('does not pad or copy what all windows lie inside of', () => {
    const x = asTensor(counting([1, 1, 4]))
    expect(coveredBy(op, x, one(2, 2, 1, 0, 2), 0)).toBe(x)
    expect(coveredBy(op, x, one(2, 1, 1, 1, 4), 0).shape).toEqual([1, 1, 5])
  })
})

describe('uncovered', () => {
  it('goes back to where the elements stood, with zeros where no window reaches', () => {
    fc.assert(
      fc.property(anyWindows, ({ sizes, windows }) => {
        const covered = extents(windows)
        const grid = counting([2, 1, ...covered])
        const expected = build([2, 1, ...sizes], ([n, c, ...at]) => {
          const source = at.map((i, d) => i + windows.before[d])
          return source.every((i, d) => i >= 0 && i < covered[d]) ? read(grid, [n, c, ...source]) : 0
        })
        expectDense(uncovered(op, asTensor(grid), windows, [2, 1, ...sizes]), expected)
      }),
      { numRuns: 200 },
    )
  })
})
