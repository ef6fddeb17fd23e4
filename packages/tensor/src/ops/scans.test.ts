import { gradcheck } from '@surprisal/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expectClose, expectError, expectTensor, float, numbers, tensorOf } from './__fixtures__/test-tools.ts'
import { cummax, cummin, cumprod, cumsum, diff, logcumsumexp } from './scans.ts'

const { NaN: nan, NEGATIVE_INFINITY: low } = Number
const matrix = float([1, 2, 3, 4, 5, 6], [2, 3])

/** The results of a running `f` from `start`. */
function running(
  x: number[],
  f: (a: number, b: number) => number,
  start: number,
  exclusive: boolean,
  reverse: boolean,
) {
  const list = reverse ? [...x].reverse() : x
  let state = start
  const out = list.map(value => {
    const before = state
    state = f(state, value)
    return exclusive ? before : state
  })
  return reverse ? out.reverse() : out
}

describe('cumsum and cumprod', () => {
  it('run along a vector, with every option', () => {
    const small = fc.array(fc.integer({ min: -2, max: 2 }), { maxLength: 8 })
    fc.assert(
      fc.property(small, fc.boolean(), fc.boolean(), (x, exclusive, reverse) => {
        const sums = running(x, (a, b) => a + b, 0, exclusive, reverse)
        const products = running(x, (a, b) => a * b, 1, exclusive, reverse)
        expectClose(cumsum(float(x), { exclusive, reverse }), sums)
        expectClose(cumprod(float(x), { exclusive, reverse }), products)
      }),
    )
  })

  it('run along any dim', () => {
    expectTensor(cumsum(matrix, { dim: 0 }), 'float32', [2, 3], [1, 2, 3, 5, 7, 9])
    expectTensor(cumprod(matrix), 'float32', [2, 3], [1, 2, 6, 4, 20, 120])
    expectTensor(cumsum(float([], [2, 0])), 'float32', [2, 0], [])
  })

  it('give int32 for integers and bools, which wraps', () => {
    expectTensor(cumsum(tensorOf('uint8', [255, 255])), 'int32', [2], [255, 510])
    expectTensor(cumsum(tensorOf('bool', [1, 1, 0])), 'int32', [3], [1, 2, 2])
    expectTensor(cumprod(tensorOf('int8', [100, 100])), 'int32', [2], [100, 10000])
    expectTensor(cumsum(tensorOf('int32', [2147483647, 1])), 'int32', [2], [2147483647, -2147483648])
  })

  it('round halves at the end', () => {
    expectTensor(cumsum(tensorOf('float16', [2048, 1, 1])), 'float16', [3], [2048, 2048, 2050])
  })

  it('refuse dims that are not there', () => {
    expectError(() => cumsum(matrix, { dim: 2 }), 'argument', 'cumsum: dim 2 is out of range for rank 2')
    expectError(() => cumprod(float([1], [])), 'argument', 'cumprod: dim -1 is out of range for rank 0')
  })

  for (const exclusive of [false, true])
    for (const reverse of [false, true])
      it(`have gradients, exact with zeros (exclusive ${exclusive}, reverse ${reverse})`, () => {
        const options = { exclusive, reverse }
        gradcheck(x => cumsum(x, { dim: 0, ...options }).square(), [matrix], { order: 2 })
        gradcheck(x => cumprod(x, options), [float([2, 0, 3, 0, 5])], { order: 2 })
        gradcheck(x => cumprod(x, { dim: 0, ...options }), [float([0, 1, 2, 3, -1, 0.5], [3, 2])], { order: 2 })
      })
})

describe('cummax and cummin', () => {
  it('keep the first index among ties, and NaN', () => {
    const { values, indices } = cummax(float([1, 3, 3, nan, 5, nan]))
    expectTensor(values, 'float32', [6], [1, 3, 3, nan, nan, nan])
    expectTensor(indices, 'int32', [6], [0, 1, 1, 3, 3, 3])
    expectTensor(cummin(float([2, 2, 1, 4])).indices, 'int32', [4], [0, 0, 2, 2])
  })

  it('run along any dim and keep the dtype', () => {
    const x = tensorOf('int32', [3, 1, 2, 5], [2, 2])
    expectTensor(cummax(x, { dim: 0 }).values, 'int32', [2, 2], [3, 1, 3, 5])
    expectTensor(cummin(x, { dim: 0 }).indices, 'int32', [2, 2], [0, 0, 1, 0])
    expectTensor(cummax(tensorOf('bool', [0, 1, 0])).values, 'bool', [3], [0, 1, 1])
    expectTensor(cummax(float([], [0])).values, 'float32', [0], [])
  })

  it('agree with a running maximum', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -3, max: 3 })), x => {
        const largest = running(x, Math.max, low, false, false)
        expect(numbers(cummax(float(x)).values)).toEqual(largest)
        expect(numbers(cummax(float(x)).indices)).toEqual(largest.map(value => x.indexOf(value)))
        expect(numbers(cummin(float(x)).values)).toEqual(running(x, Math.min, Number.POSITIVE_INFINITY, false, false))
      }),
    )
  })

  it('give their gradient to the chosen', () => {
    const x = float([1, 3, 2, 5, 4, 0], [2, 3])
    gradcheck(t => cummax(t).values.square(), [x], { order: 2 })
    gradcheck(t => cummin(t, { dim: 0 }).values.square(), [x], { order: 2 })
  })
})

describe('logcumsumexp', () => {
  it('neither overflows nor loses -Infinity', () => {
    expectClose(logcumsumexp(float([1000, 1000, -1000])), [1000, 1000 + Math.log(2), 1000 + Math.log(2)])
    expectClose(logcumsumexp(float([low, low, 1])), [low, low, 1])
  })

  it('is the logarithm of the running sum of exponentials', () => {
    const x = [0.5, -1, 2, 0]
    expectClose(logcumsumexp(float(x)), running(x, (a, b) => a + Math.exp(b), 0, false, false).map(Math.log))
  })

  it('gives float32 for integers', () => {
    expect(logcumsumexp(tensorOf('int32', [0, 0])).dtype).toBe('float32')
    expectTensor(logcumsumexp(tensorOf('float16', [0, 0])), 'float16', [2], [0, 0.693359375])
  })

  it('has a gradient', () => {
    gradcheck(x => logcumsumexp(x, { dim: 0 }).square(), [float([1, 2, 0.5, -1, 0, 3], [3, 2])], { order: 2 })
  })
})

describe('diff', () => {
  it('subtracts neighbours', () => {
    expectTensor(diff(float([1, 4, 9])), 'float32', [2], [3, 5])
    expectTensor(diff(matrix, { dim: 0 }), 'float32', [1, 3], [3, 3, 3])
    expectTensor(diff(tensorOf('uint8', [5, 3])), 'uint8', [1], [254])
  })

  it('is empty for one element or none', () => {
    expectTensor(diff(float([1])), 'float32', [0], [])
    expectTensor(diff(float([])), 'float32', [0], [])
  })

  it('undoes cumsum', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -99, max: 99 }), { minLength: 1 }), x => {
        expect(numbers(diff(cumsum(float(x))))).toEqual(x.slice(1))
      }),
    )
  })

  it('refuses bools', () => {
    expectError(() => diff(tensorOf('bool', [1, 0])), 'dtype', 'diff: expected a numeric dtype, got bool')
  })

  it('has a gradient', () => {
    gradcheck(x => diff(x, { dim: 1 }).square(), [matrix], { order: 2 })
  })
})
