import { gradcheck } from '@surprisal/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asTensor, build, counting, expectDense, read, shapes } from './__fixtures__/test-arrays.ts'
import { expectError, expectTensor, float, tensorOf } from './__fixtures__/test-tools.ts'
import { diag, diagonal, tril, triu } from './diagonals.ts'

const matrix = float([1, 2, 3, 4, 5, 6], [2, 3])
const offsets = fc.integer({ min: -5, max: 5 })

describe('diagonal', () => {
  it('stands last, at any offset', () => {
    fc.assert(
      fc.property(shapes(3, 3), offsets, fc.constantFrom([0, 1], [1, 0], [0, 2], [2, 1]), (shape, offset, [d1, d2]) => {
        const x = counting(shape)
        const [rest] = [0, 1, 2].filter(d => d !== d1 && d !== d2)
        const row = Math.max(0, -offset)
        const column = Math.max(0, offset)
        const length = Math.max(0, Math.min(shape[d1] - row, shape[d2] - column))
        const expected = build([shape[rest], length], ([i, k]) => {
          const place = [0, 0, 0]
          place[rest] = i
          place[d1] = row + k
          place[d2] = column + k
          return read(x, place)
        })
        expectDense(diagonal(asTensor(x), { offset, dim1: d1, dim2: d2 }), expected)
      }),
    )
  })

  it('refuses one dim twice, vectors and fractions', () => {
    expectError(
      () => diagonal(matrix, { dim1: 0, dim2: -2 }),
      'argument',
      'diagonal: dim1 and dim2 must differ, got 0 and -2',
    )
    expectError(() => diagonal(float([1])), 'argument', 'diagonal: dim 1 is out of range for rank 1')
    expectError(() => diagonal(matrix, { offset: 0.5 }), 'argument', 'diagonal: offset must be an integer, got 0.5')
  })

  it('has a gradient', () => {
    gradcheck(x => diagonal(x, { offset: 1 }).square(), [matrix], { order: 2 })
  })
})

describe('diag', () => {
  it('makes a matrix of a vector and takes the diagonal of a matrix', () => {
    expectTensor(diag(float([1, 2])), 'float32', [2, 2], [1, 0, 0, 2])
    expectTensor(diag(matrix), 'float32', [2], [1, 5])
    expectTensor(diag(tensorOf('bool', [1, 1])), 'bool', [2, 2], [1, 0, 0, 1])
    expect(diag(float([])).shape).toEqual([0, 0])
  })

  it('does not multiply: NaN stays on the diagonal', () => {
    expectTensor(diag(float([Number.NaN, 1])), 'float32', [2, 2], [Number.NaN, 0, 0, 1])
  })

  it('refuses other ranks', () => {
    expectError(() => diag(float([1], [1, 1, 1])), 'shape', 'diag: expected a vector or a matrix, got shape [1, 1, 1]')
  })

  it('has a gradient both ways', () => {
    gradcheck(x => diag(x).square(), [float([1, 2, 3])], { order: 2 })
    gradcheck(x => diag(x).square(), [matrix], { order: 2 })
  })
})

describe('tril and triu', () => {
  it('keep one side of a diagonal', () => {
    fc.assert(
      fc.property(shapes(2, 4), offsets, (shape, diagonal) => {
        const x = counting(shape)
        const side = (index: number[]) => index[shape.length - 1] - index[shape.length - 2] - diagonal
        expectDense(
          tril(asTensor(x), { diagonal }),
          build(shape, index => (side(index) <= 0 ? read(x, index) : 0)),
        )
        expectDense(
          triu(asTensor(x), { diagonal }),
          build(shape, index => (side(index) >= 0 ? read(x, index) : 0)),
        )
      }),
    )
  })

  it('keep any dtype', () => {
    expectTensor(tril(tensorOf('bool', [1, 1, 1, 1], [2, 2])), 'bool', [2, 2], [1, 0, 1, 1])
    expectTensor(triu(tensorOf('uint8', [1, 2, 3, 4], [2, 2])), 'uint8', [2, 2], [1, 2, 0, 4])
    expectTensor(triu(tensorOf('float16', [1, 2, 3, 4], [2, 2])), 'float16', [2, 2], [1, 2, 0, 4])
  })

  it('drop NaN and infinities from the other side', () => {
    const x = float([1, Number.NaN, Number.POSITIVE_INFINITY, 2], [2, 2])
    expectTensor(tril(x), 'float32', [2, 2], [1, 0, Number.POSITIVE_INFINITY, 2])
    expectTensor(triu(x), 'float32', [2, 2], [1, Number.NaN, 0, 2])
  })

  it('refuse vectors and fractions', () => {
    expectError(() => tril(float([1])), 'shape', 'tril: expected at least 2 dims, got shape [1]')
    expectError(() => triu(matrix, { diagonal: 0.5 }), 'argument', 'triu: diagonal must be an integer, got 0.5')
  })

  it('have a gradient', () => {
    gradcheck(x => tril(x, { diagonal: 1 }).square(), [matrix], { order: 2 })
    gradcheck(x => triu(x).square(), [matrix], { order: 2 })
  })
})
