import { gradcheck } from '@surprisal/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gradients } from '../index.ts'
import { expectClose, expectError, expectTensor, float, numbers, tensorOf } from './__fixtures__/test-tools.ts'
import { cdist } from './cdist.ts'

const { NaN: nan } = Number
const a = float([0, 0, 1, 1, 3, -1], [3, 2])
const b = float([0.5, 2, -1, 0.25], [2, 2])

function naive(x: number[], y: number[], p: number): number {
  const sizes = x.map((v, i) => Math.abs(v - y[i]))
  if (p === 0) return sizes.filter(v => v !== 0).length
  if (p === Number.POSITIVE_INFINITY) return Math.max(0, ...sizes)
  return sizes.reduce((sum, v) => sum + v ** p, 0) ** (1 / p)
}

describe('the value', () => {
  it('is the norm of every difference', () => {
    const vector = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 3, maxLength: 3 })
    const vectors = fc.array(vector, { maxLength: 3 })
    fc.assert(
      fc.property(vectors, vectors, fc.constantFrom(0, 0.5, 1, 1.5, 2, 3, Number.POSITIVE_INFINITY), (xs, ys, p) => {
        const out = cdist(float(xs.flat(), [xs.length, 3]), float(ys.flat(), [ys.length, 3]), { p })
        expect(out.shape).toEqual([xs.length, ys.length])
        expectClose(
          out,
          xs.flatMap(x => ys.map(y => naive(x, y, p))),
          1e-5,
        )
      }),
    )
  })

  it('broadcasts leading dims', () => {
    expect(cdist(float(new Array(12).fill(1), [2, 1, 3, 2]), float(new Array(20).fill(1), [5, 2, 2])).shape).toEqual([
      2, 5, 3, 2,
    ])
  })

  it('knows the infinity norm by name, and promotes', () => {
    expectTensor(cdist(a, b, { p: 'inf' }), 'float32', [3, 2], [2, 1, 1, 2, 3, 4])
    expectTensor(cdist(tensorOf('int32', [3], [1, 1]), tensorOf('int32', [1], [1, 1])), 'float32', [1, 1], [2])
    expectTensor(cdist(tensorOf('float16', [3], [1, 1]), tensorOf('float16', [1], [1, 1])), 'float16', [1, 1], [2])
  })

  it('of vectors without elements is 0, and NaN stays', () => {
    expectTensor(cdist(float([], [1, 0]), float([], [2, 0])), 'float32', [1, 2], [0, 0])
    for (const p of [0.5, 1, 2, 'inf'] as const)
      expectTensor(cdist(float([nan], [1, 1]), float([0], [1, 1]), { p }), 'float32', [1, 1], [nan])
  })

  it('keeps near rows apart far from the origin', () => {
    expectClose(cdist(float([10000, 10000.0625], [2, 1]), float([10000], [1, 1])), [0, 0.0625])
  })
})

describe('the gradient', () => {
  for (const p of [1.5, 2, 3, 'inf'] as const)
    it(`is right for p = ${p}`, () => {
      gradcheck((x, y) => cdist(x, y, { p }).square(), [a, b], { order: 2 })
    })

  it('is that of the absolute value for p = 1, none for p = 0', () => {
    gradcheck((x, y) => cdist(x, y, { p: 1 }), [a, b])
    expect(numbers(gradients(cdist(a, b, { p: 0 }).sum(), [a])[0])).toEqual([0, 0, 0, 0, 0, 0])
  })

  it('is 0 at distance 0, of the second order too', () => {
    for (const p of [0.5, 1, 1.5, 2, 3, 'inf'] as const) {
      const x = float([1, 2], [1, 2])
      const y = float([1, 2], [1, 2])
      const [dx, dy] = gradients(cdist(x, y, { p }).sum(), [x, y])
      expect([...numbers(dx), ...numbers(dy)].map(Math.abs)).toEqual([0, 0, 0, 0])
      expect(numbers(gradients(dx.square().sum(), [x])[0]).map(Math.abs)).toEqual([0, 0])
    }
  })
})

describe('what cdist refuses', () => {
  it('vectors of different lengths, too few dims and a negative p', () => {
    expectError(() => cdist(a, float([1], [1, 1])), 'shape', 'cdist: inner sizes differ: [3, 2] x [1, 1]')
    expectError(
      () => cdist(a, float([1])),
      'shape',
      'cdist: operands must have at least 2 dims, got shapes [3, 2] and [1]',
    )
    expectError(() => cdist(a, b, { p: -1 }), 'argument', "cdist: p must be a number of at least 0 or 'inf', got -1")
    expectError(
      () => cdist(float([1, 2], [2, 1, 1]), float([1, 2, 3], [3, 1, 1])),
      'shape',
      'cdist: shapes [2] and [3] cannot be broadcast',
    )
  })
})
