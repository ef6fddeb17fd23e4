import { describe, expect, it } from 'vitest'
import { roundToHalf } from '../dtype.ts'
import { threefry2x32 } from '../threefry.ts'
import { elementsOf, numbers, operand, runKernel, runKernelExactly } from './__fixtures__/run-kernel.ts'

describe('iota', () => {
  it('counts in float64 and rounds once', () => {
    const got = runKernel({ kind: 'iota', start: 1, step: 0.1 }, 'float32', [5], [])
    expect(got).toEqual([1, 1.1, 1 + 2 * 0.1, 1 + 3 * 0.1, 1.4].map(Math.fround))
    expect(runKernelExactly({ kind: 'iota', start: 1, step: 0.1 }, 'float32', [3], [])).toEqual([1, 1.1, 1 + 2 * 0.1])
  })

  it('counts integers, halves and nothing', () => {
    expect(runKernel({ kind: 'iota', start: 5, step: -2 }, 'int32', [4], [])).toEqual([5, 3, 1, -1])
    expect(runKernel({ kind: 'iota', start: 0, step: 0.1 }, 'float16', [3], [])).toEqual([0, 0.1, 0.2].map(roundToHalf))
    expect(runKernel({ kind: 'iota', start: 0, step: 1 }, 'int32', [0], [])).toEqual([])
  })
})

describe('random', () => {
  it('element i depends on the key and on i alone', () => {
    const expected = Array.from({ length: 6 }, (_, i) => {
      const [a, b] = threefry2x32([9, 4], [0, i])
      return a ^ b
    })
    expect(runKernel({ kind: 'random', key: [9, 4] }, 'int32', [6], [])).toEqual(expected)
    expect(runKernel({ kind: 'random', key: [9, 4] }, 'int32', [2, 3], [])).toEqual(expected)
    expect(runKernel({ kind: 'random', key: [9, 4] }, 'int32', [3], [])).toEqual(expected.slice(0, 3))
  })
})

describe('cat', () => {
  const a = operand([1, 2, 3, 4], 'float32', [2, 2])
  const b = operand([5, 6, 7, 8], 'float32', [2, 2], { strides: [1, 2] })
  const empty = operand([], 'float32', [0, 2])

  it('joins along the first and the last dim, strided and empty parts too', () => {
    expect(runKernel({ kind: 'cat', dim: 0 }, 'float32', [4, 2], [a, empty, b])).toEqual([1, 2, 3, 4, 5, 7, 6, 8])
    expect(runKernel({ kind: 'cat', dim: 1 }, 'float32', [2, 4], [a, b])).toEqual([1, 2, 5, 7, 3, 4, 6, 8])
  })

  it('joins long parts along a middle dim', () => {
    const x = operand(numbers(2 * 3 * 60), 'float32', [2, 3, 60])
    const y = operand(numbers(2 * 60), 'float32', [2, 1, 60])
    const [first, second] = [elementsOf(x), elementsOf(y)]
    expect(runKernel({ kind: 'cat', dim: 1 }, 'float32', [2, 4, 60], [x, y])).toEqual([
      ...first.slice(0, 180),
      ...second.slice(0, 60),
      ...first.slice(180),
      ...second.slice(60),
    ])
  })
})
