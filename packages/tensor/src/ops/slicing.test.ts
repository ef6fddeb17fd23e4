import { gradcheck } from '@surprisal/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asTensor, build, counting, expectDense, read, shapeAndDim, withEntry } from './__fixtures__/test-arrays.ts'
import { expectError, expectTensor, float, tensorOf } from './__fixtures__/test-tools.ts'
import { at, type IndexSpec, narrow, select, slice, unfold } from './slicing.ts'

const matrix = float([1, 2, 3, 4, 5, 6], [2, 3])
const cube = asTensor(counting([2, 3, 4]))
const index = (...data: number[]) => tensorOf('int32', data)

describe('slice', () => {
  const bound = fc.option(fc.integer({ min: -7, max: 7 }), { nil: null })

  it('reads the indices of a Python slice', () => {
    const steps = fc.integer({ min: 1, max: 4 })
    fc.assert(
      fc.property(shapeAndDim(3), bound, bound, steps, ({ shape, dim }, start, end, step) => {
        const x = counting(shape)
        const n = shape[dim]
        const wrap = (i: number) => Math.min(n, Math.max(0, i < 0 ? i + n : i))
        const indices: number[] = []
        for (let i = wrap(start ?? 0); i < wrap(end ?? n); i += step) indices.push(i)
        const expected = build(withEntry(shape, dim, indices.length), place =>
          read(x, withEntry(place, dim, indices[place[dim]])),
        )
        expectDense(slice(asTensor(x), dim, { start, end, step }), expected)
      }),
    )
  })

  it('keeps everything without options', () => {
    expectTensor(slice(matrix, 0), 'float32', [2, 3], [1, 2, 3, 4, 5, 6])
    expectTensor(slice(matrix, -1, { end: Number.POSITIVE_INFINITY }), 'float32', [2, 3], [1, 2, 3, 4, 5, 6])
  })

  it('is a new tensor even where it keeps everything', () => {
    const x = float([1, 2])
    slice(x, 0).dispose()
    expectTensor(x, 'float32', [2], [1, 2])
  })

  it('refuses steps below 1, fractions and dims that are not there', () => {
    expectError(() => slice(matrix, 0, { step: 0 }), 'argument', 'slice: step must be an integer of at least 1, got 0')
    expectError(
      () => slice(matrix, 0, { step: -1 }),
      'argument',
      'slice: step must be an integer of at least 1, got -1',
    )
    expectError(() => slice(matrix, 0, { start: 0.5 }), 'argument', 'slice: start must be an integer, got 0.5')
    expectError(() => slice(matrix, 0, { end: Number.NaN }), 'argument', 'slice: end must be an integer, got NaN')
    expectError(() => slice(matrix, 2), 'argument', 'slice: dim 2 is out of range for rank 2')
  })

  it('has a gradient, also through other views', () => {
    gradcheck(x => slice(x, 1, { start: 1, step: 2 }).square(), [cube], { order: 2 })
    gradcheck(x => slice(x.transpose(0, 2), 0, { start: -2 }).flip(0).square(), [cube], { order: 2 })
  })
})

describe('narrow', () => {
  it('takes neighbouring indices', () => {
    expectTensor(narrow(matrix, 1, 1, 2), 'float32', [2, 2], [2, 3, 5, 6])
    expectTensor(narrow(matrix, 1, -1, 1), 'float32', [2, 1], [3, 6])
    expectTensor(narrow(matrix, 0, 2, 0), 'float32', [0, 3], [])
  })

  it('refuses ranges that leave the dim', () => {
    expectError(
      () => narrow(matrix, 1, 2, 2),
      'argument',
      'narrow: start 2 with length 2 is out of range for dim 1 with size 3',
    )
    expectError(
      () => narrow(matrix, 1, -4, 1),
      'argument',
      'narrow: start -4 with length 1 is out of range for dim 1 with size 3',
    )
    expectError(() => narrow(matrix, 1, 0, -1), 'argument', 'narrow: length must be an integer of at least 0, got -1')
  })
})

describe('select', () => {
  it('removes the dim', () => {
    expectTensor(select(matrix, 0, 1), 'float32', [3], [4, 5, 6])
    expectTensor(select(matrix, 1, -1), 'float32', [2], [3, 6])
    expectTensor(select(float([5, 6]), 0, 1), 'float32', [], [6])
  })

  it('refuses an index out of range at once', () => {
    expectError(() => select(matrix, 1, 3), 'index', 'select: index 3 is out of range for dim 1 with size 3')
    expectError(() => select(matrix, -1, -4), 'index', 'select: index -4 is out of range for dim 1 with size 3')
  })

  it('has a gradient', () => {
    gradcheck(x => select(x, 1, 2).square(), [cube], { order: 2 })
  })
})

describe('at', () => {
  const cases: [string, IndexSpec[], number[], number[]][] = [
    ['nothing', [], [2, 3], [1, 2, 3, 4, 5, 6]],
    ['a number', [1], [3], [4, 5, 6]],
    ['all numbers', [1, -1], [], [6]],
    ['a range', [{ start: 1 }], [1, 3], [4, 5, 6]],
    ['a range with a step behind a number', [0, { step: 2 }], [2], [1, 3]],
    ['null', [null, 0], [1, 3], [1, 2, 3]],
    ['null in between', [{}, null, { end: 1 }], [2, 1, 1], [1, 4]],
    ['an ellipsis before a number', ['...', 0], [2], [1, 4]],
    ['an ellipsis of no dims', [0, '...', 1], [], [2]],
    ['an ellipsis, then null', ['...', null], [2, 3, 1], [1, 2, 3, 4, 5, 6]],
    ['an index tensor', [index(1, 0, 1)], [3, 3], [4, 5, 6, 1, 2, 3, 4, 5, 6]],
    ['an index tensor at the end', ['...', index(2, 0)], [2, 2], [3, 1, 6, 4]],
    ['two index tensors, each for its dim', [index(1), index(2, 2)], [1, 2], [6, 6]],
  ]
  for (const [name, spec, shape, data] of cases)
    it(`takes ${name}`, () => {
      expectTensor(at(matrix, ...spec), 'float32', shape, data)
      expectTensor(at(matrix, ...spec, {}), 'float32', shape, data)
    })

  it('refuses too many entries, two ellipses and other things', () => {
    expectError(() => at(matrix, 0, 0, 0), 'argument', 'at: 3 indices are too many for rank 2')
    expectError(() => at(matrix, '...', '...'), 'argument', "at: '...' may stand only once")
    expectError(() => at(matrix, 0, 5), 'index', 'at: index 5 is out of range for dim 1 with size 3')
    expectError(() => at(matrix, float([0])), 'dtype', 'at: index must be int32, got float32')
    expectError(
      () => at(matrix, tensorOf('int32', [0], [1, 1])),
      'shape',
      'at: index must have rank 1, got shape [1, 1]',
    )
    expectError(() => at(matrix, { step: 0 }), 'argument', 'at: step must be an integer of at least 1, got 0')
    expectError(
      () => at(matrix, 'a' as never),
      'argument',
      "at: an index must be a number, null, '...', a range or a tensor, got string a",
    )
    expectError(
      () => at(asTensor(counting([1, 1, 1, 1, 1, 1, 1, 1])), null),
      'shape',
      'at: rank must be at most 8, got [1, 1, 1, 1, 1, 1, 1, 1, 1]',
    )
  })

  it('reports an index tensor out of range at the read', () => {
    const x = at(matrix, '...', index(0, 3))
    expectError(() => x.dataSync(), 'index', 'at: index 3 is out of range for dim 1 with size 3')
  })

  it('has a gradient', () => {
    gradcheck(x => at(x, 1, null, '...', index(3, 0, 3)).square(), [cube], { order: 2 })
  })
})

describe('unfold', () => {
  it('puts windows into a new last dim', () => {
    const window = fc.record({ size: fc.integer({ min: 1, max: 4 }), step: fc.integer({ min: 1, max: 3 }) })
    fc.assert(
      fc.property(shapeAndDim(3), window, ({ shape, dim }, { size, step }) => {
        fc.pre(size <= shape[dim])
        const x = counting(shape)
        const windows = Math.floor((shape[dim] - size) / step) + 1
        const expected = build([...withEntry(shape, dim, windows), size], place =>
          read(x, withEntry(place.slice(0, -1), dim, place[dim] * step + place[shape.length])),
        )
        expectDense(unfold(asTensor(x), dim, size, step), expected)
      }),
    )
  })

  it('refuses windows longer than the dim, and empty ones', () => {
    expectError(() => unfold(matrix, 1, 4, 1), 'argument', 'unfold: size 4 is larger than dim 1 with size 3')
    expectError(() => unfold(matrix, 1, 0, 1), 'argument', 'unfold: size must be an integer of at least 1, got 0')
    expectError(() => unfold(matrix, 1, 1, 0), 'argument', 'unfold: step must be an integer of at least 1, got 0')
  })

  it('adds up overlaps in the gradient', () => {
    expectTensor(unfold(float([1, 2, 3, 4]), 0, 2, 1), 'float32', [3, 2], [1, 2, 2, 3, 3, 4])
    gradcheck(x => unfold(x, 1, 2, 1).square(), [cube], { order: 2 })
    gradcheck(x => unfold(x, 2, 3, 2).mul(2).square(), [asTensor(counting([2, 2, 7]))], { order: 2 })
  })

  it('is empty along with another dim', () => {
    expect(unfold(float([], [0, 3]), 1, 2, 1).shape).toEqual([0, 2, 2])
  })
})
