import { gradcheck } from '@surprisal/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asTensor, build, counting, expectDense, read, shapes } from './__fixtures__/test-arrays.ts'
import { expectError, expectTensor, float, tensorOf } from './__fixtures__/test-tools.ts'
import { type PadOptions, pad } from './padding.ts'

const matrix = float([1, 2, 3, 4, 5, 6], [2, 3])

/** Where place `i` of a padded dim reads a dim of size `n`. */
const naiveSource: Record<string, (i: number, n: number) => number> = {
  reflect: (i, n) => (i < 0 ? -i : i < n ? i : n - 2 - (i - n)),
  replicate: (i, n) => (i < 0 ? 0 : i < n ? i : n - 1),
  circular: (i, n) => (i < 0 ? n + i : i < n ? i : i - n),
}

describe('mode constant', () => {
  it('puts a value around, starting at the last dim, and crops where negative', () => {
    const amounts = fc.array(fc.integer({ min: -2, max: 3 }), { minLength: 4, maxLength: 4 })
    fc.assert(
      fc.property(shapes(2, 3), amounts, (shape, pads) => {
        const x = counting(shape)
        const rank = shape.length
        const before = shape.map((_, d) => pads[2 * (rank - 1 - d)] ?? 0)
        const padded = shape.map((size, d) => size + before[d] + (pads[2 * (rank - 1 - d) + 1] ?? 0))
        fc.pre(padded.every(size => size >= 0))
        const expected = build(padded, index => {
          const source = index.map((i, d) => i - before[d])
          return source.every((i, d) => i >= 0 && i < shape[d]) ? read(x, source) : -1
        })
        expectDense(pad(asTensor(x), pads, { value: -1 }), expected)
      }),
      { numRuns: 300 },
    )
  })

  it('uses 0 by default, and pads nothing without pads', () => {
    expectTensor(pad(float([1, 2]), [1, 2]), 'float32', [5], [0, 1, 2, 0, 0])
    expectTensor(pad(matrix, []), 'float32', [2, 3], [1, 2, 3, 4, 5, 6])
    expectTensor(pad(float([]), [1, 1]), 'float32', [2], [0, 0])
  })

  it('keeps the dtype where the value fits it', () => {
    expectTensor(pad(tensorOf('uint8', [1]), [1, 0], { value: 255 }), 'uint8', [2], [255, 1])
    expectTensor(pad(tensorOf('bool', [1]), [1, 0]), 'bool', [2], [0, 1])
    expectTensor(pad(tensorOf('bool', [0]), [1, 0], { value: true }), 'bool', [2], [1, 0])
    expectTensor(pad(tensorOf('float16', [1]), [0, 1], { value: 0.1 }), 'float16', [2], [1, 0.0999755859375])
    expectTensor(
      pad(float([1]), [0, 1], { value: Number.NEGATIVE_INFINITY }),
      'float32',
      [2],
      [1, Number.NEGATIVE_INFINITY],
    )
  })

  it('makes integers float32 by a fractional value', () => {
    expectTensor(pad(tensorOf('int32', [1]), [0, 1], { value: 0.5 }), 'float32', [2], [1, 0.5])
    expectError(() => pad(tensorOf('uint8', [1]), [0, 1], { value: 300 }), 'dtype', 'pad: 300 does not fit uint8')
  })

  it('works on a transposed view', () => {
    expectTensor(pad(matrix.transpose(0, 1), [1, 0]), 'float32', [3, 3], [0, 1, 4, 0, 2, 5, 0, 3, 6])
  })

  it('has a gradient, also of a crop', () => {
    gradcheck(x => pad(x, [1, 2, 0, 1], { value: 3 }).square(), [matrix], { order: 2 })
    gradcheck(x => pad(x, [-1, 1]).square(), [matrix], { order: 2 })
    gradcheck(x => pad(x, [-1, -1]).square(), [matrix], { order: 2 })
  })
})

describe('the other modes', () => {
  for (const mode of ['reflect', 'replicate', 'circular'] as const)
    it(`${mode} reads the tensor itself`, () => {
      const amounts = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 4, maxLength: 4 })
      fc.assert(
        fc.property(shapes(2, 3, 1), amounts, (shape, wanted) => {
          const x = counting(shape)
          const rank = shape.length
          const limit = (size: number) => (mode === 'reflect' ? size - 1 : mode === 'circular' ? size : 3)
          const pads = wanted.map((amount, k) => Math.min(amount, limit(shape[rank - 1 - (k >> 1)])))
          const before = shape.map((_, d) => pads[2 * (rank - 1 - d)] ?? 0)
          const padded = shape.map((size, d) => size + before[d] + (pads[2 * (rank - 1 - d) + 1] ?? 0))
          const expected = build(padded, index =>
            read(
              x,
              index.map((i, d) => naiveSource[mode](i - before[d], shape[d])),
            ),
          )
          expectDense(pad(asTensor(x), pads, { mode }), expected)
        }),
      )
    })

  it('show their pattern', () => {
    const x = float([1, 2, 3])
    expectTensor(pad(x, [2, 2], { mode: 'reflect' }), 'float32', [7], [3, 2, 1, 2, 3, 2, 1])
    expectTensor(pad(x, [2, 2], { mode: 'replicate' }), 'float32', [7], [1, 1, 1, 2, 3, 3, 3])
    expectTensor(pad(x, [2, 3], { mode: 'circular' }), 'float32', [8], [2, 3, 1, 2, 3, 1, 2, 3])
  })

  it('add up their gradient', () => {
    for (const mode of ['reflect', 'replicate', 'circular'] as const)
      gradcheck(x => pad(x, [2, 1, 1, 1], { mode }).square(), [matrix], { order: 2 })
  })

  it('leave empty dims alone', () => {
    expect(pad(float([], [2, 0]), [0, 0, 1, 1], { mode: 'reflect' }).shape).toEqual([4, 0])
    expect(pad(float([]), [0, 0], { mode: 'replicate' }).shape).toEqual([0])
  })
})

describe('what pad refuses', () => {
  const refuse = (pads: unknown, options: PadOptions, code: 'argument' | 'shape', message: string) =>
    it(message, () => expectError(() => pad(matrix, pads as number[], options), code, message))

  refuse([1], {}, 'argument', 'pad: pads must be pairs for at most 2 dims, got [1]')
  refuse([1, 1, 1, 1, 1, 1], {}, 'argument', 'pad: pads must be pairs for at most 2 dims, got [1, 1, 1, 1, 1, 1]')
  refuse([0.5, 1], {}, 'argument', 'pad: pads must be integers, got [0.5, 1]')
  refuse(1, {}, 'argument', 'pad: pads must be integers, got 1')
  refuse([-2, -2], {}, 'argument', 'pad: pads [-2, -2] crop more than there is of shape [2, 3]')
  refuse(
    [1, 1],
    { mode: 'edge' as never },
    'argument',
    'pad: mode must be constant, reflect, replicate or circular, got edge',
  )
  refuse(
    [3, 0],
    { mode: 'reflect' },
    'argument',
    'pad: reflect needs pads smaller than the dim, got 3 for dim 1 with size 3',
  )
  refuse(
    [0, 0, 0, 3],
    { mode: 'circular' },
    'argument',
    'pad: circular needs pads of at most the dim, got 3 for dim 0 with size 2',
  )
  refuse([-1, 0], { mode: 'replicate' }, 'argument', 'pad: only mode constant takes negative pads, got [-1, 0]')

  it('replicating nothing', () => {
    expectError(
      () => pad(float([]), [1, 0], { mode: 'replicate' }),
      'argument',
      'pad: replicate needs an element to repeat, dim 0 has size 0',
    )
  })
})
