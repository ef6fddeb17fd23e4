import { gradcheck } from '@surprisal/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gradients } from '../index.ts'
import { expectClose, expectError, expectTensor, float, numbers, tensorOf } from './__fixtures__/test-tools.ts'
import { type ScatterReduceOptions, scatterReduce } from './scatter-reduce.ts'

type Reduction = ScatterReduceOptions['reduce']
const reductions: Reduction[] = ['sum', 'prod', 'mean', 'amax', 'amin']
const index = (data: number[], shape = [data.length]) => tensorOf('int32', data, shape)

const naive: Record<Reduction, (values: number[]) => number> = {
  sum: values => values.reduce((a, b) => a + b, 0),
  prod: values => values.reduce((a, b) => a * b, 1),
  mean: values => values.reduce((a, b) => a + b, 0) / values.length,
  amax: values => Math.max(...values),
  amin: values => Math.min(...values),
}

describe('the value', () => {
  for (const reduce of reductions)
    for (const includeSelf of [true, false])
      it(`of ${reduce}${includeSelf ? '' : ' without x itself'} is that of each group`, () => {
        const values = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 5 })
        const entries = fc.array(fc.record({ at: fc.nat(4), value: fc.integer({ min: -3, max: 3 }) }), { maxLength: 8 })
        fc.assert(
          fc.property(values, entries, (x, list) => {
            const written = list.map(({ at, value }) => ({ at: at % x.length, value }))
            const expected = x.map((self, i) => {
              const group = written.filter(({ at }) => at === i).map(({ value }) => value)
              return group.length === 0 ? self : naive[reduce](includeSelf ? [self, ...group] : group)
            })
            const out = scatterReduce(
              float(x),
              0,
              index(written.map(({ at }) => at)),
              float(written.map(({ value }) => value)),
              { reduce, includeSelf },
            )
            expectClose(out, expected)
          }),
        )
      })

  it('works along any dim, with an index smaller than x', () => {
    const x = float([1, 2, 3, 4, 5, 6], [2, 3])
    const out = scatterReduce(x, 1, index([0, 0], [1, 2]), float([10, 20], [1, 2]), { reduce: 'amax' })
    expectTensor(out, 'float32', [2, 3], [20, 2, 3, 4, 5, 6])
  })

  it('keeps integer dtypes but for the mean', () => {
    const x = index([5, 6])
    expectTensor(scatterReduce(x, 0, index([0]), index([2]), { reduce: 'prod' }), 'int32', [2], [10, 6])
    expectTensor(
      scatterReduce(x, 0, index([0]), index([2]), { reduce: 'amin', includeSelf: false }),
      'int32',
      [2],
      [2, 6],
    )
    expectTensor(scatterReduce(x, 0, index([0]), index([2]), { reduce: 'mean' }), 'float32', [2], [3.5, 6])
    expectTensor(scatterReduce(x, 0, index([0]), 0.5, { reduce: 'sum' }), 'float32', [2], [5.5, 6])
  })

  it('rounds halves once', () => {
    const ones = tensorOf('float16', [1, 1])
    const out = scatterReduce(tensorOf('float16', [2048]), 0, index([0, 0]), ones, { reduce: 'sum' })
    expectTensor(out, 'float16', [1], [2050])
  })

  it('of a largest element may be NaN', () => {
    expectTensor(
      scatterReduce(float([1]), 0, index([0]), float([Number.NaN]), { reduce: 'amax' }),
      'float32',
      [1],
      [Number.NaN],
    )
  })
})

describe('the gradient', () => {
  const x = float([1.5, -2, 0.5, 3], [2, 2])
  const src = float([2, -1, 0.7, 1.2, -0.4, 2.5], [3, 2])
  const rows = index([0, 1, 0, 1, 0, 0], [3, 2])

  for (const reduce of reductions)
    for (const includeSelf of [true, false])
      it(`of ${reduce}${includeSelf ? '' : ' without x itself'} is right, and its own gradient`, () => {
        gradcheck((a, b) => scatterReduce(a, 0, rows, b, { reduce, includeSelf }).square(), [x, src], { order: 2 })
      })

  it('of prod is exact with zeros, twice', () => {
    const zeros = float([0, 2, 0, 3])
    for (const includeSelf of [true, false])
      gradcheck(
        (a, b) => scatterReduce(a, 0, index([0, 1, 0, 1]), b, { reduce: 'prod', includeSelf }),
        [float([0.5, 0]), zeros],
        { order: 2 },
      )
    const self = float([4])
    const product = scatterReduce(self, 0, index([0, 0, 0, 0]), zeros, { reduce: 'prod' }).sum()
    expect(gradients(product, [self, zeros]).map(numbers)).toEqual([[0], [0, 0, 0, 0]])
  })

  it('of prod with one zero goes to that zero', () => {
    const factors = float([2, 0, 5])
    const [d] = gradients(scatterReduce(float([3]), 0, index([0, 0, 0]), factors, { reduce: 'prod' }).sum(), [factors])
    expectTensor(d, 'float32', [3], [0, 30, 0])
  })

  const ties = (reduce: Reduction, includeSelf: boolean) => {
    const self = float([7, 1])
    const others = float([7, 7, 7])
    const out = scatterReduce(self, 0, index([0, 0, 1]), others, { reduce, includeSelf })
    return gradients(out.mul(float([6, 1])).sum(), [self, others]).map(numbers)
  }

  it('of amax and amin is divided evenly among ties', () => {
    expect(ties('amax', true)).toEqual([
      [2, 0],
      [2, 2, 1],
    ])
    expect(ties('amax', false)).toEqual([
      [0, 0],
      [3, 3, 1],
    ])
    expect(ties('amin', true)).toEqual([
      [2, 1],
      [2, 2, 0],
    ])
    expect(ties('amin', false)).toEqual([
      [0, 0],
      [3, 3, 1],
    ])
  })
})

describe('what scatterReduce refuses', () => {
  it('an unknown reduction, and none', () => {
    const call = (options: unknown) => () => scatterReduce(float([1]), 0, index([0]), float([1]), options as never)
    const message = 'scatterReduce: reduce must be one of sum, prod, mean, amax, amin, got'
    expectError(call({ reduce: 'max' }), 'argument', `${message} max`)
    expectError(call({}), 'argument', `${message} undefined`)
    expectError(call(undefined), 'argument', `${message} undefined`)
  })

  it('an index out of range, at the read', () => {
    for (const reduce of reductions)
      expectError(
        () => scatterReduce(float([1]), 0, index([1]), float([1]), { reduce }).dataSync(),
        'index',
        'scatterReduce: index 1 is out of range for dim 0 with size 1',
      )
  })
})
