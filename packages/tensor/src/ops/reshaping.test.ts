import { gradcheck } from '@surprisal/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asTensor, counting, expectDense, shapes } from './__fixtures__/test-arrays.ts'
import { expectError, expectTensor, float } from './__fixtures__/test-tools.ts'
import { flatten, reshape, squeeze, unflatten, unsqueeze } from './reshaping.ts'

const six = float([1, 2, 3, 4, 5, 6], [2, 3])
const unit = float([1, 2], [1, 2, 1])

describe('reshape', () => {
  it('keeps the row-major order', () => {
    expectTensor(reshape(six, [3, 2]), 'float32', [3, 2], [1, 2, 3, 4, 5, 6])
    expectTensor(reshape(float([7]), []), 'float32', [], [7])
  })

  it('works out one -1', () => {
    expect(reshape(six, [3, -1]).shape).toEqual([3, 2])
    expect(reshape(six, [-1]).shape).toEqual([6])
    expect(reshape(float([], [0, 2]), [-1, 2]).shape).toEqual([0, 2])
  })

  it('gives any factorisation of the size', () => {
    fc.assert(
      fc.property(shapes(0, 4), fc.nat(3), (shape, at) => {
        const x = counting(shape)
        const place = shape.length === 0 ? 0 : at % shape.length
        const target = [...shape.slice(0, place), 1, ...shape.slice(place)]
        expectDense(reshape(asTensor(x), target), { shape: target, data: x.data })
      }),
    )
  })

  it('is a new tensor even to the same shape', () => {
    const x = float([1, 2])
    reshape(x, [2]).dispose()
    expectTensor(x, 'float32', [2], [1, 2])
  })

  it('refuses other sizes', () => {
    expectError(() => reshape(six, [4, 2]), 'shape', 'reshape: cannot reshape 6 elements to [4, 2]')
    expectError(() => reshape(six, [4, -1]), 'shape', 'reshape: cannot reshape 6 elements to [4, -1]')
    expectError(() => reshape(float([], [0]), [0, -1]), 'shape', 'reshape: cannot reshape 0 elements to [0, -1]')
    expectError(() => reshape(six, [-1, -1]), 'shape', 'reshape: only one dim may be -1, got [-1, -1]')
    expectError(() => reshape(six, [-2]), 'shape', 'reshape: shape must hold non-negative integers, got [-2]')
    expectError(() => reshape(six, 6 as never), 'argument', 'reshape: shape must be a list of numbers, got 6')
  })

  it('passes its gradient on', () => {
    gradcheck(x => reshape(x, [3, -1]).square(), [six], { order: 2 })
  })
})

describe('flatten and unflatten', () => {
  const x = asTensor(counting([2, 3, 4]))

  it('joins all dims or some', () => {
    expect(flatten(x).shape).toEqual([24])
    expect(flatten(x, { startDim: 1 }).shape).toEqual([2, 12])
    expect(flatten(x, { endDim: -2 }).shape).toEqual([6, 4])
    expectTensor(flatten(float([5], [])), 'float32', [1], [5])
  })

  it('undo each other', () => {
    expectDense(unflatten(flatten(x, { startDim: 1 }), 1, [3, 4]), counting([2, 3, 4]))
    expect(unflatten(x, -1, [2, -1]).shape).toEqual([2, 3, 2, 2])
  })

  it('refuse what does not fit', () => {
    expectError(
      () => flatten(x, { startDim: 2, endDim: 0 }),
      'argument',
      'flatten: startDim must not come after endDim, got 2 and 0',
    )
    expectError(() => flatten(x, { startDim: 3 }), 'argument', 'flatten: dim 3 is out of range for rank 3')
    expectError(() => unflatten(x, 1, [2, 2]), 'shape', 'unflatten: cannot reshape 3 elements to [2, 2]')
    expectError(() => unflatten(x, 5, [3]), 'argument', 'unflatten: dim 5 is out of range for rank 3')
    expectError(
      () => unflatten(x, 0, [1, 1, 1, 1, 1, 1, 2]),
      'shape',
      'unflatten: rank must be at most 8, got [1, 1, 1, 1, 1, 1, 2, 3, 4]',
    )
  })
})

describe('squeeze', () => {
  it('removes dims of size 1, all or the named ones', () => {
    expectTensor(squeeze(unit), 'float32', [2], [1, 2])
    expect(squeeze(unit, { dim: 0 }).shape).toEqual([2, 1])
    expect(squeeze(unit, { dim: [0, -1] }).shape).toEqual([2])
  })

  it('leaves a dim of another size', () => {
    expect(squeeze(unit, { dim: 1 }).shape).toEqual([1, 2, 1])
    expect(squeeze(float([], [0, 1])).shape).toEqual([0])
  })

  it('refuses dims that are not there or repeat', () => {
    expectError(() => squeeze(unit, { dim: 3 }), 'argument', 'squeeze: dim 3 is out of range for rank 3')
    expectError(() => squeeze(unit, { dim: [0, 0] }), 'argument', 'squeeze: dim must not repeat, got [0, 0]')
  })
})

describe('unsqueeze', () => {
  it('counts its dim in the result', () => {
    expect(unsqueeze(six, 0).shape).toEqual([1, 2, 3])
    expect(unsqueeze(six, 2).shape).toEqual([2, 3, 1])
    expect(unsqueeze(six, -1).shape).toEqual([2, 3, 1])
    expect(unsqueeze(six, -3).shape).toEqual([1, 2, 3])
    expect(unsqueeze(six, [0, -1]).shape).toEqual([1, 2, 3, 1])
    expectTensor(unsqueeze(float([3], []), 0), 'float32', [1], [3])
  })

  it('refuses a dim behind the last', () => {
    expectError(() => unsqueeze(six, 3), 'argument', 'unsqueeze: dim 3 is out of range for rank 3')
    expectError(() => unsqueeze(six, -4), 'argument', 'unsqueeze: dim -4 is out of range for rank 3')
  })
})
