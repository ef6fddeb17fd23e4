import { gradcheck } from '@surprisal/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  asTensor,
  build,
  counting,
  expectDense,
  read,
  shapeAndDim,
  shapes,
  withEntry,
} from './__fixtures__/test-arrays.ts'
import { expectError, expectTensor, float } from './__fixtures__/test-tools.ts'
import { broadcastTo, expand, flip, movedim, permute, roll, transpose } from './movement.ts'

const matrix = float([1, 2, 3, 4, 5, 6], [2, 3])

/** A shape and an order of its dims. */
const shapeAndOrder = shapes(0, 4).chain(shape =>
  fc.record({ shape: fc.constant(shape), order: fc.shuffledSubarray([...shape.keys()], { minLength: shape.length }) }),
)

describe('permute', () => {
  it('puts dim order[d] at place d', () => {
    fc.assert(
      fc.property(shapeAndOrder, ({ shape, order }) => {
        const x = counting(shape)
        const expected = build(
          order.map(d => shape[d]),
          index =>
            read(
              x,
              shape.map((_, d) => index[order.indexOf(d)]),
            ),
        )
        expectDense(permute(asTensor(x), order), expected)
      }),
    )
  })

  it('takes negative dims', () => {
    expectTensor(permute(matrix, [-1, 0]), 'float32', [3, 2], [1, 4, 2, 5, 3, 6])
  })

  it('refuses anything but all dims once', () => {
    expectError(() => permute(matrix, [0]), 'argument', 'permute: dims must name all 2 dims, got [0]')
    expectError(() => permute(matrix, [0, 0]), 'argument', 'permute: dim must not repeat, got [0, 0]')
    expectError(() => permute(matrix, [0, 2]), 'argument', 'permute: dim 2 is out of range for rank 2')
    expectError(() => permute(matrix, 1 as never), 'argument', 'permute: dims must name all 2 dims, got 1')
  })

  it('has a gradient', () => {
    gradcheck(x => permute(x, [2, 0, 1]).square(), [asTensor(counting([2, 3, 2]))], { order: 2 })
  })
})

describe('transpose', () => {
  it('exchanges two dims', () => {
    expectTensor(transpose(matrix, 0, 1), 'float32', [3, 2], [1, 4, 2, 5, 3, 6])
    expectTensor(transpose(matrix, -1, -1), 'float32', [2, 3], [1, 2, 3, 4, 5, 6])
    expect(transpose(float([], [0, 2, 3]), 0, 2).shape).toEqual([3, 2, 0])
  })

  it('twice is the identity', () => {
    fc.assert(
      fc.property(shapeAndDim(4), fc.nat(), ({ shape, dim }, n) => {
        const other = n % shape.length
        const x = counting(shape)
        expectDense(transpose(transpose(asTensor(x), dim, other), other, dim), x)
      }),
    )
  })

  it('refuses dims that are not there', () => {
    expectError(() => transpose(matrix, 0, 2), 'argument', 'transpose: dim 2 is out of range for rank 2')
  })
})

describe('movedim', () => {
  it('moves dims and keeps the others in order', () => {
    const x = asTensor(counting([2, 3, 4]))
    expect(movedim(x, 0, -1).shape).toEqual([3, 4, 2])
    expect(movedim(x, [2, 0], [0, 1]).shape).toEqual([4, 2, 3])
    expectDense(
      movedim(x, 2, 0),
      build([4, 2, 3], ([k, i, j]) => 1 + i * 12 + j * 4 + k),
    )
  })

  it('refuses lists of different lengths, and repeats', () => {
    expectError(
      () => movedim(matrix, [0, 1], [0]),
      'argument',
      'movedim: source and destination must have one length, got [0, 1] and [0]',
    )
    expectError(() => movedim(matrix, [0, 1], [0, 0]), 'argument', 'movedim: dim must not repeat, got [0, 0]')
  })
})

describe('expand', () => {
  it('repeats dims of size 1 and adds dims in front', () => {
    expectTensor(expand(float([1, 2], [2, 1]), [2, 2]), 'float32', [2, 2], [1, 1, 2, 2])
    expectTensor(expand(float([1, 2]), [2, -1]), 'float32', [2, 2], [1, 2, 1, 2])
    expectTensor(expand(float([5], []), [3]), 'float32', [3], [5, 5, 5])
    expect(expand(float([1], [1]), [0]).shape).toEqual([0])
  })

  it('is a new tensor even to the same shape', () => {
    const x = float([1, 2])
    expand(x, [2]).dispose()
    expectTensor(x, 'float32', [2], [1, 2])
  })

  it('refuses other sizes', () => {
    expectError(() => expand(matrix, [2, 4]), 'shape', 'expand: cannot expand [2, 3] to [2, 4]')
    expectError(() => expand(matrix, [3]), 'shape', 'expand: cannot expand [2, 3] to [3]')
    expectError(
      () => expand(float([1]), [-1, 1]),
      'shape',
      'expand: shape must hold non-negative integers, got [-1, 1]',
    )
    expectError(() => broadcastTo(matrix, [2, 4]), 'shape', 'broadcastTo: cannot expand [2, 3] to [2, 4]')
    expectError(
      () => broadcastTo(matrix, [-1, 3]),
      'shape',
      'broadcastTo: shape must hold non-negative integers, got [-1, 3]',
    )
  })

  it('materialises when it is reshaped, and sums its gradient', () => {
    const x = float([1, 2], [2, 1])
    expectTensor(expand(x, [2, 2]).reshape([4]), 'float32', [4], [1, 1, 2, 2])
    gradcheck(y => expand(y, [3, 2, 2]).reshape([6, 2]).square(), [x], { order: 2 })
  })
})

describe('flip', () => {
  it('reverses the named dims', () => {
    fc.assert(
      fc.property(shapeAndOrder, fc.nat(), ({ shape, order }, n) => {
        const dims = order.slice(0, n % (shape.length + 1))
        const x = counting(shape)
        const expected = build(shape, index =>
          read(
            x,
            index.map((i, d) => (dims.includes(d) ? shape[d] - 1 - i : i)),
          ),
        )
        expectDense(flip(asTensor(x), dims), expected)
      }),
    )
  })

  it('reverses everything without dims', () => {
    expectTensor(flip(matrix), 'float32', [2, 3], [6, 5, 4, 3, 2, 1])
    expectTensor(flip(matrix, -1), 'float32', [2, 3], [3, 2, 1, 6, 5, 4])
  })

  it('has a gradient', () => {
    gradcheck(x => flip(x, 0).mul(x), [matrix], { order: 2 })
  })
})

describe('roll', () => {
  it('shifts along a dim', () => {
    fc.assert(
      fc.property(shapeAndDim(3), fc.integer({ min: -9, max: 9 }), ({ shape, dim }, shift) => {
        const x = counting(shape)
        const n = shape[dim]
        const expected = build(shape, index => read(x, withEntry(index, dim, (((index[dim] - shift) % n) + n) % n)))
        expectDense(roll(asTensor(x), shift, dim), expected)
      }),
    )
  })

  it('without dims shifts the flattened tensor and restores the shape', () => {
    expectTensor(roll(matrix, 1), 'float32', [2, 3], [6, 1, 2, 3, 4, 5])
    expectTensor(roll(matrix, [-2], null), 'float32', [2, 3], [3, 4, 5, 6, 1, 2])
  })

  it('takes lists, also with a dim twice', () => {
    expectTensor(roll(matrix, [1, 1], [0, 1]), 'float32', [2, 3], [6, 4, 5, 3, 1, 2])
    expectTensor(roll(matrix, [1, 1], [1, 1]), 'float32', [2, 3], [2, 3, 1, 5, 6, 4])
  })

  it('refuses lists of different lengths and fractions', () => {
    expectError(
      () => roll(matrix, [1], [0, 1]),
      'argument',
      'roll: shifts and dims must have one length, got [1] and [0, 1]',
    )
    expectError(() => roll(matrix, [1, 2]), 'argument', 'roll: shifts must be one number without dims, got [1, 2]')
    expectError(() => roll(matrix, 0.5), 'argument', 'roll: shifts must be integers, got 0.5')
  })

  it('has a gradient', () => {
    gradcheck(x => roll(x, 1, 1).mul(x), [matrix], { order: 2 })
  })
})
