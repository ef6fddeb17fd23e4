import { gradcheck } from '@surprisal/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expectError, expectTensor, float, numbers, tensorOf } from './__fixtures__/test-tools.ts'
import { argsort, bucketize, searchsorted, sort, topk } from './sorting.ts'

const { NaN: nan, POSITIVE_INFINITY: inf } = Number
const entries = fc.array(fc.constantFrom(0, -0, 1, 2, -3, nan, inf, -inf), { maxLength: 12 })

/** Ascending with NaN last; equal and both NaN: 0. */
const compare = (a: number, b: number): number =>
  Number.isNaN(a) || Number.isNaN(b) ? Number(Number.isNaN(a)) - Number(Number.isNaN(b)) : a < b ? -1 : a > b ? 1 : 0

const naiveOrder = (x: number[], descending: boolean): number[] =>
  [...x.keys()].sort((i, j) => (descending ? compare(x[j], x[i]) : compare(x[i], x[j])) || i - j)

describe('sort', () => {
  it('is stable both ways, NaN the greatest, both zeros equal', () => {
    fc.assert(
      fc.property(entries, fc.boolean(), (x, descending) => {
        const { values, indices } = sort(float(x), { descending })
        const order = naiveOrder(x, descending)
        expect(numbers(indices)).toEqual(order)
        expect(numbers(values)).toEqual(order.map(i => x[i]))
        expect(numbers(argsort(float(x), { descending }))).toEqual(order)
      }),
    )
  })

  it('sorts along any dim and keeps the dtype', () => {
    const x = tensorOf('int32', [3, 1, 2, 0], [2, 2])
    expectTensor(sort(x).values, 'int32', [2, 2], [1, 3, 0, 2])
    expectTensor(sort(x, { dim: 0 }).values, 'int32', [2, 2], [2, 0, 3, 1])
    expectTensor(sort(x, { dim: 0 }).indices, 'int32', [2, 2], [1, 1, 0, 0])
    expectTensor(sort(tensorOf('bool', [1, 0])).values, 'bool', [2], [0, 1])
    expectTensor(sort(tensorOf('float16', [2, 1])).values, 'float16', [2], [1, 2])
    expectTensor(sort(float([], [2, 0])).values, 'float32', [2, 0], [])
  })

  it('gives the gradient to where values came from', () => {
    const x = float([3, 1, 2, 0, 5, 4], [2, 3])
    gradcheck(
      t =>
        sort(t, { descending: true })
          .values.mul(float([1, 2, 3]))
          .square(),
      [x],
      { order: 2 },
    )
  })

  it('refuses dims that are not there', () => {
    expectError(() => sort(float([1]), { dim: 1 }), 'argument', 'sort: dim 1 is out of range for rank 1')
    expectError(() => argsort(float([1], [])), 'argument', 'argsort: dim -1 is out of range for rank 0')
  })
})

describe('topk', () => {
  it('is the beginning of the sorted order', () => {
    fc.assert(
      fc.property(entries, fc.nat(), fc.boolean(), (x, n, largest) => {
        const k = n % (x.length + 1)
        const order = naiveOrder(x, largest).slice(0, k)
        const { values, indices } = topk(float(x), k, { largest })
        expect(numbers(indices)).toEqual(order)
        expect(numbers(values)).toEqual(order.map(i => x[i]))
      }),
    )
  })

  it('works along any dim', () => {
    const { values, indices } = topk(float([1, 5, 3, 2], [2, 2]), 1, { dim: 0 })
    expectTensor(values, 'float32', [1, 2], [3, 5])
    expectTensor(indices, 'int32', [1, 2], [1, 0])
  })

  it('refuses more than there are', () => {
    expectError(() => topk(float([1, 2, 3]), 4), 'argument', 'topk: k = 4 exceeds dim size 3')
    expectError(() => topk(float([1]), -1), 'argument', 'topk: k must be an integer of at least 0, got -1')
  })

  it('gives its gradient to the chosen', () => {
    gradcheck(t => topk(t, 2).values.square(), [float([3, 1, 2, 0, 5, 4], [2, 3])], { order: 2 })
  })
})

describe('searchsorted', () => {
  it('finds the first place that is not smaller, or that is greater', () => {
    const numbersOnly = fc.integer({ min: -4, max: 4 })
    fc.assert(
      fc.property(fc.array(numbersOnly), fc.array(numbersOnly), fc.boolean(), (list, values, right) => {
        const sorted = list.sort((a, b) => a - b)
        const expected = values.map(v => sorted.filter(s => s < v || (right && s === v)).length)
        expect(numbers(searchsorted(float(sorted), float(values), { right }))).toEqual(expected)
        expect(numbers(bucketize(float(values), float(sorted), { right }))).toEqual(expected)
      }),
    )
  })

  it('sends NaN to the end and finds places before NaN', () => {
    expectTensor(searchsorted(float([1, 2]), float([nan, inf, -inf])), 'int32', [3], [2, 2, 0])
    expectTensor(searchsorted(float([1, nan]), float([0, 1, 3])), 'int32', [3], [0, 0, 1])
  })

  it('searches row by row', () => {
    const sorted = float([1, 3, 5, 2, 4, 6], [2, 3])
    expectTensor(searchsorted(sorted, float([3, 6, 3, 6], [2, 2])), 'int32', [2, 2], [1, 3, 1, 2])
    expectTensor(searchsorted(float([1, 2]), float([2], [])), 'int32', [], [1])
    expectTensor(searchsorted(float([]), float([1, 2])), 'int32', [2], [0, 0])
    expectTensor(searchsorted(sorted, float([], [2, 0])), 'int32', [2, 0], [])
  })

  it('compares integers with floats', () => {
    expectTensor(searchsorted(tensorOf('int32', [1, 2]), float([1.5])), 'int32', [1], [1])
    expectTensor(bucketize(tensorOf('int32', [2]), float([1.5, 2])), 'int32', [1], [1])
  })

  it('refuses leading dims that differ', () => {
    expectError(
      () => searchsorted(float([1, 2], [1, 2]), float([1, 2], [2, 1])),
      'shape',
      'searchsorted: leading dims of [1, 2] and [2, 1] differ',
    )
    expectError(
      () => searchsorted(float([1], []), float([1])),
      'shape',
      'searchsorted: sorted must have at least 1 dim, got shape []',
    )
    expectError(
      () => bucketize(float([1]), float([1], [1, 1])),
      'shape',
      'bucketize: boundaries must have rank 1, got shape [1, 1]',
    )
  })
})
