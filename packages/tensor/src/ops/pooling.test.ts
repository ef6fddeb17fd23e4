import { gradcheck } from '@surprisal/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gradients, normal, type Tensor } from '../index.ts'
import { indicesOf } from './__fixtures__/naive-convolution.ts'
import { asTensor, build, counting, type Dense, expectDense, read } from './__fixtures__/test-arrays.ts'
import { expectClose, expectError, expectTensor, float, numbers, slope, tensorOf } from './__fixtures__/test-tools.ts'
import { avgPool1d, avgPool2d, type MaxPoolOptions, maxPool1d, maxPool2d } from './pooling.ts'

const row = (...data: number[]): Tensor => float(data, [1, 1, data.length])
const random = (seed: number, ...shape: number[]): Tensor => normal(seed, shape)
const low = Number.NEGATIVE_INFINITY

/** Small poolings over one or two dims. */
const problems = fc.integer({ min: 1, max: 2 }).chain(rank => {
  const perDim = (min: number, max: number) => fc.array(fc.integer({ min, max }), { minLength: rank, maxLength: rank })
  return fc
    .record({
      batch: fc.integer({ min: 0, max: 2 }),
      sizes: perDim(1, 6),
      kernel: perDim(1, 4),
      stride: perDim(1, 4),
      padding: perDim(0, 2),
      dilation: perDim(1, 2),
      ceilMode: fc.boolean(),
      countIncludePad: fc.boolean(),
    })
    .filter(p => {
      const spans = p.kernel.map((k, d) => p.dilation[d] * (k - 1) + 1)
      return p.sizes.every((n, d) => 2 * p.padding[d] <= spans[d] && n + 2 * p.padding[d] >= spans[d])
    })
})
type Problem = typeof problems extends fc.Arbitrary<infer P> ? P : never

/** How many windows there are: counted one by one. */
function windowCount({ sizes, kernel, stride, padding, dilation, ceilMode }: Problem, d: number): number {
  const span = dilation[d] * (kernel[d] - 1) + 1
  const end = sizes[d] + padding[d]
  let count = 0
  for (let start = -padding[d]; start + span <= end || (ceilMode && start < sizes[d]); start += stride[d]) {
    count += 1
    if (start + span >= end) break
  }
  return count
}

/** `f` of the places of each window, which may lie outside of x. */
function naivePool(x: Dense, p: Problem, f: (n: number, c: number, places: number[][]) => number): Dense {
  const outputs = p.sizes.map((_, d) => windowCount(p, d))
  return build([...x.shape.slice(0, 2), ...outputs], ([n, c, ...at]) =>
    f(
      n,
      c,
      indicesOf(p.kernel).map(place => at.map((i, d) => i * p.stride[d] - p.padding[d] + place[d] * p.dilation[d])),
    ),
  )
}

describe('maxPool', () => {
  it('takes the largest of each window', () => {
    expectTensor(maxPool1d(row(1, 3, 2, 5, 4), 2), 'float32', [1, 1, 2], [3, 5])
    expectTensor(maxPool1d(row(1, 3, 2, 5, 4), 3, { stride: 1 }), 'float32', [1, 1, 3], [3, 5, 5])
    expectTensor(maxPool2d(asTensor(counting([1, 1, 4, 4])), [2, 4]), 'float32', [1, 1, 2, 1], [8, 16])
    expectTensor(counting4().maxPool2d(2, { stride: [2, 1] }), 'float32', [1, 1, 2, 3], [6, 7, 8, 14, 15, 16])
  })

  it('equals a loop over windows for every option', () => {
    fc.assert(
      fc.property(problems, fc.infiniteStream(fc.integer({ min: -3, max: 3 })), (p, values) => {
        const x = build([p.batch, 2, ...p.sizes], () => values.next().value)
        const expected = naivePool(x, p, (n, c, places) =>
          places.reduce(
            (largest, at) =>
              at.every((i, d) => i >= 0 && i < p.sizes[d]) ? Math.max(largest, read(x, [n, c, ...at])) : largest,
            low,
          ),
        )
        const { kernel, stride, padding, dilation, ceilMode } = p
        const op = p.sizes.length === 1 ? maxPool1d : maxPool2d
        expectDense(op(asTensor(x), kernel, { stride, padding, dilation, ceilMode }), expected)
      }),
      { numRuns: 200 },
    )
  })

  it('gives the gradient to the first of the largest, for every option', () => {
    fc.assert(
      fc.property(problems, fc.infiniteStream(fc.constantFrom(low, 0, 1)), (p, values) => {
        const x = build([p.batch, 2, ...p.sizes], () => values.next().value)
        const wanted = new Array<number>(x.data.length).fill(0)
        const area = p.sizes.reduce((size, n) => size * n, 1)
        naivePool(x, p, (n, c, places) => {
          const inside = places.filter(at => at.every((i, d) => i >= 0 && i < p.sizes[d]))
          const largest = Math.max(...inside.map(at => read(x, [n, c, ...at])))
          const first = inside.find(at => read(x, [n, c, ...at]) === largest)
          if (first) wanted[(n * 2 + c) * area + first.reduce((cell, i, d) => cell * p.sizes[d] + i, 0)] += 1
          return 0
        })
        const { kernel, stride, padding, dilation, ceilMode } = p
        const op = p.sizes.length === 1 ? maxPool1d : maxPool2d
        const grad = slope(t => op(t, kernel, { stride, padding, dilation, ceilMode }), asTensor(x))
        expect(grad).toEqual(wanted)
      }),
      { numRuns: 300 },
    )
  })

  it('keeps every dtype, and padding never wins', () => {
    const options = { padding: 1 }
    expectTensor(maxPool1d(tensorOf('int32', [-5, -7], [1, 1, 2]), 2, options), 'int32', [1, 1, 2], [-5, -7])
    expectTensor(maxPool1d(tensorOf('int8', [-128, 3], [1, 1, 2]), 2, options), 'int8', [1, 1, 2], [-128, 3])
    expectTensor(maxPool1d(tensorOf('uint8', [0, 9], [1, 1, 2]), 2, options), 'uint8', [1, 1, 2], [0, 9])
    expectTensor(maxPool1d(tensorOf('bool', [0, 1], [1, 1, 2]), 2, options), 'bool', [1, 1, 2], [0, 1])
    expectTensor(maxPool1d(tensorOf('float16', [-2, -1], [1, 1, 2]), 2, options), 'float16', [1, 1, 2], [-2, -1])
  })

  it('spreads NaN, which takes the gradient', () => {
    const x = row(1, Number.NaN, 3, Number.NaN)
    expectTensor(maxPool1d(x, 4), 'float32', [1, 1, 1], [Number.NaN])
    expect(slope(t => maxPool1d(t, 4), x)).toEqual([0, 1, 0, 0])
  })

  it('has gradients of both orders', () => {
    const check = (x: Tensor, kernel: number, options: MaxPoolOptions) =>
      gradcheck(t => (x.ndim === 3 ? maxPool1d : maxPool2d)(t, kernel, options).square(), [x], {
        order: 2,
        maxElements: 16,
      })
    check(random(1, 2, 2, 5), 2, {})
    check(random(2, 1, 2, 5, 4), 3, { stride: 2, padding: 1 })
    check(random(3, 1, 1, 5, 5), 2, { stride: 1, dilation: 2, ceilMode: true })
  })

  it('gives a float16 gradient of a float16 input', () => {
    const x = tensorOf('float16', [1, 4, 2, 2], [1, 1, 4])
    const [dx] = gradients(maxPool1d(x, 2).cast('float32').square().sum(), [x])
    expectTensor(dx, 'float16', [1, 1, 4], [0, 8, 4, 0])
  })

  it('of nothing', () => {
    expect(maxPool2d(float([], [0, 3, 4, 4]), 2).shape).toEqual([0, 3, 2, 2])
    expect(slope(t => maxPool2d(t, 2), float([], [0, 3, 4, 4]))).toEqual([])
    expectTensor(maxPool1d(float([], [1, 1, 0]), 2, { padding: 1 }), 'float32', [1, 1, 1], [low])
    expect(slope(t => maxPool1d(t, 2, { padding: 1 }), float([], [1, 1, 0]))).toEqual([])
  })
})

const counting4 = (): Tensor => asTensor(counting([1, 1, 4, 4]))

describe('avgPool', () => {
  it('takes the mean of each window', () => {
    expectTensor(avgPool1d(row(1, 3, 2, 5, 4), 2), 'float32', [1, 1, 2], [2, 3.5])
    expectTensor(avgPool2d(counting4(), [2, 4]), 'float32', [1, 1, 2, 1], [4.5, 12.5])
    expectTensor(
      counting4().avgPool2d(2, { stride: [2, 1] }),
      'float32',
      [1, 1, 2, 3],
      [3.5, 4.5, 5.5, 11.5, 12.5, 13.5],
    )
  })

  it('counts padding or not, and nothing beyond it', () => {
    const x = row(2, 4, 6)
    expectTensor(avgPool1d(x, 2, { padding: 1 }), 'float32', [1, 1, 2], [1, 5])
    expectTensor(avgPool1d(x, 2, { padding: 1, countIncludePad: false }), 'float32', [1, 1, 2], [2, 5])
    expectTensor(avgPool1d(x, 2, { ceilMode: true }), 'float32', [1, 1, 2], [3, 6])
    expectTensor(avgPool1d(x, 4, { stride: 3, padding: 1, ceilMode: true }), 'float32', [1, 1, 2], [3, 3])
    expectTensor(avgPool1d(x, 2, { padding: 1, stride: 3, ceilMode: true }), 'float32', [1, 1, 2], [1, 3])
  })

  it('equals a loop over windows for every option', () => {
    fc.assert(
      fc.property(problems, p => {
        const plain = { ...p, dilation: p.kernel.map(() => 1) }
        fc.pre(p.kernel.every((k, d) => 2 * p.padding[d] <= k && p.sizes[d] + 2 * p.padding[d] >= k))
        const x = counting([p.batch, 2, ...p.sizes])
        const expected = naivePool(x, plain, (n, c, places) => {
          const inside = places.filter(at => at.every((i, d) => i >= 0 && i < p.sizes[d]))
          const counted = places.filter(at => at.every((i, d) => i < p.sizes[d] + p.padding[d]))
          const total = inside.reduce((sum, at) => sum + read(x, [n, c, ...at]), 0)
          return total / (p.countIncludePad ? counted : inside).length
        })
        const { kernel, stride, padding, ceilMode, countIncludePad } = p
        const op = p.sizes.length === 1 ? avgPool1d : avgPool2d
        const y = op(asTensor(x), kernel, { stride, padding, ceilMode, countIncludePad })
        expect(y.shape).toEqual(expected.shape)
        expectClose(y, expected.data)
      }),
      { numRuns: 200 },
    )
  })

  it('gives float32 of integers, and rounds float16 once', () => {
    expectTensor(avgPool1d(tensorOf('uint8', [255, 254], [1, 1, 2]), 2), 'float32', [1, 1, 1], [254.5])
    expectTensor(avgPool1d(tensorOf('bool', [1, 0], [1, 1, 2]), 2), 'float32', [1, 1, 1], [0.5])
    const half = tensorOf('float16', [60000, 60000], [1, 1, 2])
    expectTensor(avgPool1d(half, 2), 'float16', [1, 1, 1], [numbers(half)[0]])
  })

  it('has gradients of both orders', () => {
    const x = random(4, 2, 1, 5, 4)
    for (const options of [{}, { stride: 1, padding: 1 }, { padding: 1, ceilMode: true, countIncludePad: false }])
      gradcheck(t => avgPool2d(t, [3, 2], options).pow(3), [x], { order: 2, maxElements: 16 })
    gradcheck(t => avgPool1d(t, 2).square(), [random(5, 2, 2, 4)], { order: 2 })
  })

  it('of nothing', () => {
    expect(avgPool2d(float([], [2, 0, 4, 4]), 2).shape).toEqual([2, 0, 2, 2])
    expect(slope(t => avgPool2d(t, 2, { padding: 1 }), float([], [2, 0, 4, 4]))).toEqual([])
    const options = { padding: 1, countIncludePad: false }
    expectTensor(avgPool1d(float([], [1, 1, 0]), 2, options), 'float32', [1, 1, 1], [Number.NaN])
  })
})

describe('what poolings refuse', () => {
  const x = row(1, 2, 3)
  const refuse = (call: () => Tensor, code: 'argument' | 'shape', message: string) =>
    it(message, () => expectError(call, code, message))

  refuse(
    () => maxPool1d(x, 0),
    'argument',
    'maxPool1d: kernelSize must be an integer of at least 1 or a list of 1, got 0',
  )
  refuse(
    () => avgPool2d(counting4(), [1, 2, 3]),
    'argument',
    'avgPool2d: kernelSize must be an integer of at least 1 or a list of 2, got [1, 2, 3]',
  )
  refuse(() => maxPool1d(x, 4), 'shape', 'maxPool1d: kernel [4] is larger than the padded input [3]')
  refuse(() => maxPool2d(x, 2), 'shape', 'maxPool2d: x must have rank 4, got shape [1, 1, 3]')
  refuse(
    () => avgPool1d(x, 3, { padding: 2 }),
    'argument',
    'avgPool1d: padding must be at most half of the kernel [3], got [2]',
  )
  refuse(
    () => maxPool1d(x, 2, { stride: 0 }),
    'argument',
    'maxPool1d: stride must be an integer of at least 1 or a list of 1, got 0',
  )
  refuse(
    () => maxPool1d(x, 2, { dilation: [2, 2] }),
    'argument',
    'maxPool1d: dilation must be an integer of at least 1 or a list of 1, got [2, 2]',
  )
  refuse(() => maxPool1d(x, 2, 2 as never), 'argument', 'maxPool1d: options must be an object, got 2')
  refuse(() => avgPool1d(x, 2, null as never), 'argument', 'avgPool1d: options must be an object, got null')
  refuse(() => avgPool1d([1] as never, 2), 'argument', 'avgPool1d: x must be a tensor, got an array of 1')
})
