import { gradcheck } from '@surprisal/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expectClose, expectError, expectTensor, float, numbers, slope, tensorOf } from './__fixtures__/test-tools.ts'
import { all, any, countNonzero, max, min, prod, sum } from './reductions.ts'

const grid = float([1, 2, 3, 4, 5, 6], [2, 3])

describe('dims', () => {
  it('omitted means all', () => {
    expectTensor(sum(grid), 'float32', [], [21])
    expectTensor(sum(grid, {}), 'float32', [], [21])
    expectTensor(sum(grid, { keepdim: true }), 'float32', [1, 1], [21])
  })

  it('are a number or a list, counted from either end', () => {
    expectTensor(sum(grid, { dim: 0 }), 'float32', [3], [5, 7, 9])
    expectTensor(sum(grid, { dim: -1 }), 'float32', [2], [6, 15])
    expectTensor(sum(grid, { dim: [0, -1] }), 'float32', [], [21])
    expectTensor(sum(grid, { dim: [1], keepdim: true }), 'float32', [2, 1], [6, 15])
    expectTensor(sum(grid, { dim: [] }), 'float32', [2, 3], [1, 2, 3, 4, 5, 6])
  })

  it('must exist and not repeat', () => {
    expectError(() => sum(grid, { dim: 2 }), 'argument', 'sum: dim 2 is out of range for rank 2')
    expectError(() => prod(grid, { dim: -3 }), 'argument', 'prod: dim -3 is out of range for rank 2')
    expectError(() => max(grid, { dim: [1, -1] }), 'argument', 'max: dim must not repeat, got [1, -1]')
    expectError(() => any(grid, { dim: 0.5 }), 'argument', 'any: dim 0.5 is out of range for rank 2')
  })

  it('do not stand in place of the options', () => {
    expectError(() => sum(grid, 1 as never), 'argument', 'sum: options must be an object, got 1')
    expectError(() => all(grid, [0] as never), 'argument', 'all: options must be an object, got an array of 1')
  })

  it('work on a scalar', () => {
    for (const f of [sum, prod, max, min]) expectTensor(f(float([3], [])), 'float32', [], [3])
  })
})

describe('sum and prod', () => {
  it('of small integers and bools are int32', () => {
    expectTensor(sum(tensorOf('uint8', [200, 100])), 'int32', [], [300])
    expectTensor(sum(tensorOf('int8', [-128, -128])), 'int32', [], [-256])
    expectTensor(sum(tensorOf('bool', [1, 1, 0])), 'int32', [], [2])
    expectTensor(prod(tensorOf('uint8', [200, 100])), 'int32', [], [20000])
    expectTensor(prod(tensorOf('bool', [1, 1])), 'int32', [], [1])
  })

  it('of int32 wrap', () => {
    expectTensor(sum(tensorOf('int32', [2147483647, 1])), 'int32', [], [-2147483648])
    expectTensor(prod(tensorOf('int32', [65536, 65536])), 'int32', [], [0])
  })

  it('of float16 are rounded once', () => {
    expectTensor(sum(tensorOf('float16', [2048, 1, 1])), 'float16', [], [2050])
  })

  it('of nothing are 0 and 1', () => {
    const empty = float([], [2, 0])
    expectTensor(sum(empty, { dim: 1 }), 'float32', [2], [0, 0])
    expectTensor(prod(empty, { dim: 1 }), 'float32', [2], [1, 1])
    expectTensor(sum(empty, { dim: 0 }), 'float32', [0], [])
  })

  it('sum loses no small terms', () => {
    const n = 2 ** 16
    expectClose(sum(float(new Array(n).fill(0.1))), [n * Math.fround(0.1)], 2e-7 * 16, 0)
  })

  it('have the gradient of their formulas, exact with zeros', () => {
    expect(slope(x => prod(x, { dim: 1 }), float([2, 0, 3, 1, -2, 4], [2, 3]))).toEqual([0, 6, 0, -8, 4, -2])
    expect(slope(prod, float([0, 0, 3]))).toEqual([0, 0, 0])
    gradcheck(x => sum(x, { dim: 0 }), [grid], { order: 2 })
    gradcheck(x => prod(x, { dim: 1, keepdim: true }), [float([1.5, 0, -2, 0.5, 1, 3], [2, 3])], { order: 2 })
  })

  it('sum does not depend on the order of the dims', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 6, maxLength: 6 }), data => {
        const x = tensorOf('int32', data, [2, 3])
        const total = data.reduce((a, b) => a + b, 0)
        expect(numbers(sum(sum(x, { dim: 0 })))).toEqual([total])
        expect(numbers(sum(sum(x, { dim: 1 })))).toEqual([total])
      }),
      { numRuns: 20 },
    )
  })
})

describe('max and min', () => {
  it('keep the dtype and NaN', () => {
    expectTensor(max(float([1, 5, NaN, 2, -7, 0], [2, 3]), { dim: 1 }), 'float32', [2], [NaN, 2])
    expectTensor(min(float([1, 5, NaN, 2, -7, 0], [2, 3]), { dim: 1 }), 'float32', [2], [NaN, -7])
    expectTensor(max(tensorOf('int8', [-5, -3])), 'int8', [], [-3])
    expectTensor(min(tensorOf('uint8', [5, 3]), { keepdim: true }), 'uint8', [1], [3])
    expectTensor(max(tensorOf('bool', [0, 1])), 'bool', [], [1])
    expectTensor(min(tensorOf('bool', [0, 1])), 'bool', [], [0])
    expectTensor(max(float([-Infinity, -Infinity])), 'float32', [], [-Infinity])
  })

  it('divide the gradient evenly among ties', () => {
    expectClose(float(slope(x => max(x, { dim: 1 }), float([1, 5, 5, 2, 2, 2], [2, 3]))), [
      0,
      0.5,
      0.5,
      1 / 3,
      1 / 3,
      1 / 3,
    ])
    expectClose(float(slope(min, float([1, 5, 1]))), [0.5, 0, 0.5])
    gradcheck(x => max(x, { dim: 0 }), [grid], { order: 2 })
  })

  it('need an element', () => {
    expectError(() => max(float([], [2, 0]), { dim: 1 }), 'shape', 'max: cannot reduce an empty dim')
    expectError(() => min(float([])), 'shape', 'min: cannot reduce an empty dim')
    expectTensor(max(float([], [0, 2]), { dim: 1 }), 'float32', [0], [])
  })
})

describe('any, all and countNonzero', () => {
  const x = float([0, NaN, 0, 0, 2, -1], [2, 3])

  it('read any dtype as non-zero or not', () => {
    expectTensor(any(x, { dim: 1 }), 'bool', [2], [1, 1])
    expectTensor(any(x, { dim: 0 }), 'bool', [3], [0, 1, 1])
    expectTensor(all(x, { dim: 0, keepdim: true }), 'bool', [1, 3], [0, 1, 0])
    expectTensor(countNonzero(x, { dim: 1 }), 'int32', [2], [1, 2])
    expectTensor(countNonzero(tensorOf('uint8', [0, 200, 1])), 'int32', [], [2])
    expectTensor(all(tensorOf('int32', [256, 512])), 'bool', [], [1])
  })

  it('of nothing', () => {
    expectTensor(any(float([])), 'bool', [], [0])
    expectTensor(all(float([])), 'bool', [], [1])
    expectTensor(countNonzero(float([])), 'int32', [], [0])
  })
})
