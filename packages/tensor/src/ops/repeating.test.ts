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
import { repeatInterleave, tile } from './repeating.ts'

const matrix = float([1, 2, 3, 4], [2, 2])

describe('tile', () => {
  it('repeats the whole along each dim', () => {
    const reps = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 3, maxLength: 3 })
    fc.assert(
      fc.property(shapes(3, 3), reps, (shape, counts) => {
        const x = counting(shape)
        const expected = build(
          shape.map((size, d) => size * counts[d]),
          index =>
            read(
              x,
              index.map((i, d) => i % shape[d]),
            ),
        )
        expectDense(tile(asTensor(x), counts), expected)
      }),
    )
  })

  it('pads the shorter of reps and shape with leading ones', () => {
    expectTensor(tile(matrix, 2), 'float32', [2, 4], [1, 2, 1, 2, 3, 4, 3, 4])
    expectTensor(tile(float([1, 2]), [2, 1]), 'float32', [2, 2], [1, 2, 1, 2])
    expectTensor(tile(float([3], []), [2, 2]), 'float32', [2, 2], [3, 3, 3, 3])
  })

  it('is a new tensor where nothing repeats', () => {
    const x = float([1])
    tile(x, 1).dispose()
    expectTensor(x, 'float32', [1], [1])
  })

  it('refuses repetitions that are none', () => {
    expectError(() => tile(matrix, [-1]), 'argument', 'tile: reps must be an integer of at least 0, got -1')
    expectError(() => tile(matrix, 1.5), 'argument', 'tile: reps must be an integer of at least 0, got 1.5')
  })

  it('sums its gradient', () => {
    gradcheck(x => tile(x, [2, 3]).square(), [matrix], { order: 2 })
  })
})

describe('repeatInterleave', () => {
  it('repeats each slice in place', () => {
    fc.assert(
      fc.property(shapeAndDim(3), fc.integer({ min: 0, max: 3 }), ({ shape, dim }, n) => {
        const x = counting(shape)
        const expected = build(withEntry(shape, dim, shape[dim] * n), index =>
          read(x, withEntry(index, dim, Math.floor(index[dim] / n))),
        )
        expectDense(repeatInterleave(asTensor(x), n, { dim }), expected)
      }),
    )
  })

  it('takes a number for each index', () => {
    expectTensor(repeatInterleave(float([1, 2, 3]), [2, 0, 1], { dim: 0 }), 'float32', [3], [1, 1, 3])
    expectTensor(repeatInterleave(matrix, [1, 2], { dim: -1 }), 'float32', [2, 3], [1, 2, 2, 3, 4, 4])
    expectTensor(repeatInterleave(matrix, [2], { dim: 0 }), 'float32', [4, 2], [1, 2, 1, 2, 3, 4, 3, 4])
  })

  it('flattens without a dim', () => {
    expectTensor(repeatInterleave(matrix, 2), 'float32', [8], [1, 1, 2, 2, 3, 3, 4, 4])
    expect(repeatInterleave(float([1], []), 3).shape).toEqual([3])
  })

  it('refuses a list of another length', () => {
    expectError(
      () => repeatInterleave(matrix, [1, 2, 3], { dim: 0 }),
      'argument',
      'repeatInterleave: n must have 2 entries, got [1, 2, 3]',
    )
    expectError(
      () => repeatInterleave(matrix, -1),
      'argument',
      'repeatInterleave: n must be an integer of at least 0, got -1',
    )
  })

  it('sums its gradient', () => {
    gradcheck(x => repeatInterleave(x, [3, 1], { dim: 0 }).square(), [matrix], { order: 2 })
    gradcheck(x => repeatInterleave(x, 2).square(), [matrix], { order: 2 })
  })
})
