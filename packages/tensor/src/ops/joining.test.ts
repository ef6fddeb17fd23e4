import { gradcheck } from '@surprisal/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asTensor, build, counting, expectDense, read, shapeAndDim, withEntry } from './__fixtures__/test-arrays.ts'
import { expectError, expectTensor, float, tensorOf } from './__fixtures__/test-tools.ts'
import { cat, chunk, meshgrid, split, stack, unbind } from './joining.ts'

const matrix = float([1, 2, 3, 4, 5, 6], [2, 3])

describe('cat', () => {
  it('undoes split, empty parts included', () => {
    fc.assert(
      fc.property(shapeAndDim(3), fc.nat(4), fc.nat(4), ({ shape, dim }, a, b) => {
        const x = counting(shape)
        const first = Math.min(a, shape[dim])
        const second = Math.min(b, shape[dim] - first)
        const parts = split(asTensor(x), [first, second, shape[dim] - first - second], { dim })
        expect(parts.map(part => part.shape[dim])).toEqual([first, second, shape[dim] - first - second])
        expectDense(cat(...parts, { dim }), x)
        expectDense(cat(parts, { dim: dim - shape.length }), x)
      }),
    )
  })

  it('joins along dim 0 by default', () => {
    expectTensor(cat(float([1]), float([2, 3])), 'float32', [3], [1, 2, 3])
    expectTensor(cat([float([1])]), 'float32', [1], [1])
  })

  it('promotes', () => {
    expectTensor(cat(tensorOf('int32', [1]), float([0.5]), {}), 'float32', [2], [1, 0.5])
    expectTensor(cat(tensorOf('uint8', [255]), tensorOf('int8', [-1])), 'int32', [2], [255, -1])
    expectTensor(cat(tensorOf('bool', [1]), tensorOf('bool', [0])), 'bool', [2], [1, 0])
    expectTensor(cat(tensorOf('float16', [1]), tensorOf('int32', [2])), 'float16', [2], [1, 2])
  })

  it('refuses shapes that do not agree, of empty parts too', () => {
    expectError(() => cat(matrix, float([1])), 'shape', 'cat: shapes [2, 3] and [1] must agree but for dim 0')
    expectError(
      () => cat(matrix, float([1, 2], [1, 2])),
      'shape',
      'cat: shapes [2, 3] and [1, 2] must agree but for dim 0',
    )
    expectError(() => cat(matrix, float([])), 'shape', 'cat: shapes [2, 3] and [0] must agree but for dim 0')
    expectError(
      () => cat(matrix, float([], [0, 2]), { dim: 0 }),
      'shape',
      'cat: shapes [2, 3] and [0, 2] must agree but for dim 0',
    )
    expectError(() => cat(), 'argument', 'cat: expected at least one tensor')
    expectError(() => cat([], { dim: 0 }), 'argument', 'cat: expected at least one tensor')
    expectError(() => cat(float([1], [])), 'argument', 'cat: dim 0 is out of range for rank 0')
    expectError(() => cat(matrix, 3 as never), 'argument', 'cat: input 1 must be a tensor, got number 3')
  })

  it('has a gradient', () => {
    gradcheck((a, b) => cat(a, b, a, { dim: 1 }).square(), [matrix, float([7, 8], [2, 1])], { order: 2 })
  })
})

describe('stack', () => {
  it('joins along a new dim, counted in the result', () => {
    expectTensor(stack(float([1, 2]), float([3, 4])), 'float32', [2, 2], [1, 2, 3, 4])
    expectTensor(stack(float([1, 2]), float([3, 4]), { dim: 1 }), 'float32', [2, 2], [1, 3, 2, 4])
    expectTensor(stack([float([1, 2]), float([3, 4])], { dim: -1 }), 'float32', [2, 2], [1, 3, 2, 4])
    expectTensor(stack(float([1], []), tensorOf('int32', [2], [])), 'float32', [2], [1, 2])
  })

  it('undoes unbind', () => {
    fc.assert(
      fc.property(shapeAndDim(4, 1), ({ shape, dim }) => {
        const x = counting(shape)
        expectDense(stack(unbind(asTensor(x), { dim }), { dim }), x)
      }),
    )
  })

  it('refuses different shapes and dims behind the last', () => {
    expectError(() => stack(float([1]), float([1, 2])), 'shape', 'stack: shapes [1] and [2] must be equal')
    expectError(() => stack(float([1]), { dim: 2 }), 'argument', 'stack: dim 2 is out of range for rank 2')
    expectError(() => stack(), 'argument', 'stack: expected at least one tensor')
  })

  it('has a gradient', () => {
    gradcheck((a, b) => stack(a, b, { dim: 1 }).square(), [matrix, float([1, 1, 2, 2, 3, 3], [2, 3])], { order: 2 })
  })
})

describe('split and chunk', () => {
  const sizesOf = (parts: readonly { shape: readonly number[] }[]) => parts.map(part => part.shape[0])
  const five = asTensor(counting([5]))

  it('cut equal parts, the last one shorter', () => {
    expect(sizesOf(split(five, 2))).toEqual([2, 2, 1])
    expect(sizesOf(split(five, 9, {}))).toEqual([5])
    expect(sizesOf(chunk(five, 2))).toEqual([3, 2])
    expect(sizesOf(chunk(five, 4))).toEqual([2, 2, 1])
    expect(sizesOf(chunk(five, 9))).toEqual([1, 1, 1, 1, 1])
  })

  it('cut an empty dim', () => {
    expect(sizesOf(split(float([]), 3))).toEqual([0])
    expect(sizesOf(split(float([]), 0))).toEqual([0])
    expect(sizesOf(chunk(float([]), 2))).toEqual([0, 0])
  })

  it('give the elements in order', () => {
    const [first, second] = chunk(matrix, 2, { dim: -1 })
    expectTensor(first, 'float32', [2, 2], [1, 2, 4, 5])
    expectTensor(second, 'float32', [2, 1], [3, 6])
  })

  it('refuse sizes that do not add up', () => {
    expectError(() => split(five, [2, 2]), 'argument', 'split: sizes [2, 2] must add up to 5, the size of dim 0')
    expectError(() => split(five, [6, -1]), 'argument', 'split: sizes must be an integer of at least 0, got -1')
    expectError(() => split(five, 0), 'argument', 'split: sizes must be an integer of at least 1, got 0')
    expectError(() => chunk(five, 0), 'argument', 'chunk: n must be an integer of at least 1, got 0')
  })

  it('have a gradient', () => {
    gradcheck(x => split(x, [1, 2], { dim: 1 })[1].square(), [matrix], { order: 2 })
    gradcheck(x => chunk(x, 2).map(part => part.square()), [matrix], { order: 2 })
  })
})

describe('unbind', () => {
  it('gives all slices', () => {
    fc.assert(
      fc.property(shapeAndDim(3), ({ shape, dim }) => {
        const x = counting(shape)
        const slices = unbind(asTensor(x), { dim })
        expect(slices).toHaveLength(shape[dim])
        slices.forEach((slice, i) => {
          const rest = shape.filter((_, d) => d !== dim)
          expectDense(
            slice,
            build(rest, place => read(x, withEntry([...place.slice(0, dim), 0, ...place.slice(dim)], dim, i))),
          )
        })
      }),
    )
  })

  it('refuses a scalar', () => {
    expectError(() => unbind(float([1], [])), 'argument', 'unbind: dim 0 is out of range for rank 0')
  })
})

describe('meshgrid', () => {
  it('varies each tensor along its own dim', () => {
    const [x, y] = meshgrid(float([1, 2]), float([3, 4, 5]))
    expectTensor(x, 'float32', [2, 3], [1, 1, 1, 2, 2, 2])
    expectTensor(y, 'float32', [2, 3], [3, 4, 5, 3, 4, 5])
  })

  it('takes a list, scalars, empty vectors, and promotes', () => {
    const [x, y] = meshgrid([float([1], []), tensorOf('int32', [3])], {})
    expectTensor(x, 'float32', [1, 1], [1])
    expectTensor(y, 'float32', [1, 1], [3])
    expect(meshgrid(float([]), float([1]))[1].shape).toEqual([0, 1])
  })

  it('refuses matrices', () => {
    expectError(() => meshgrid(matrix), 'shape', 'meshgrid: an input must have rank 1, got shape [2, 3]')
  })

  it('sums its gradient', () => {
    gradcheck((a, b) => meshgrid(a, b).map(grid => grid.square()), [float([1, 2]), float([3, 4, 5])], { order: 2 })
  })
})
