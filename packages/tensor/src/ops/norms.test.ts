import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { expectClose, expectError, expectTensor, float, slope, tensorOf } from './__fixtures__/test-tools.ts'
import { norm } from './norms.ts'

const x = float([3, -4, 0, 1, 2, -2], [2, 3])

describe('norm', () => {
  it.each([
    [2, [5, 3]],
    [1, [7, 5]],
    [3, [(27 + 64) ** (1 / 3), 17 ** (1 / 3)]],
    [0.5, [(Math.sqrt(3) + 2) ** 2, (1 + 2 * Math.SQRT2) ** 2]],
    [0, [2, 3]],
    ['inf', [4, 2]],
    ['-inf', [0, 1]],
    [Infinity, [4, 2]],
  ] as const)('p = %s', (p, expected) => {
    expectClose(norm(x, { p, dim: 1 }), expected)
  })

  it('over several dims is the norm of their elements', () => {
    expectClose(norm(x), [Math.sqrt(34)])
    expectTensor(norm(x, { dim: [0, 1], keepdim: true, p: 1 }), 'float32', [1, 1], [12])
  })

  it('of integers is float32', () => {
    expectTensor(norm(tensorOf('int32', [3, 4])), 'float32', [], [5])
    expectTensor(norm(tensorOf('uint8', [0, 7]), { p: 0 }), 'float32', [], [1])
    expectTensor(norm(tensorOf('float16', [300, 400])), 'float16', [], [500])
  })

  it.each([0, 0.5, 1, 2, 3, 'inf', '-inf'] as const)('of nothing is 0 for p = %s', p => {
    expectTensor(norm(float([], [2, 0]), { p, dim: 1 }), 'float32', [2], [0, 0])
  })

  it('keeps NaN', () => {
    for (const p of [1, 2, 3, 'inf', '-inf'] as const) expectTensor(norm(float([1, NaN]), { p }), 'float32', [], [NaN])
  })

  it.each([0, 0.5, 1, 1.5, 2, 3, 'inf', '-inf'] as const)('has gradient 0 at the zero vector for p = %s', p => {
    expect(slope(y => norm(y, { p, dim: 1 }), float([0, 0], [1, 2])).map(g => g + 0)).toEqual([0, 0])
  })

  it('has gradient x / norm', () => {
    expectClose(float(slope(y => norm(y, { dim: 1 }), float([3, 4, 0, 0], [2, 2]))), [0.6, 0.8, 0, 0])
  })

  it('divides the gradient of the largest magnitude among ties', () => {
    expect(slope(y => norm(y, { p: 'inf' }), float([2, -2, 1]))).toEqual([0.5, -0.5, 0])
  })

  it.each([0.5, 1, 1.5, 2, 3, 'inf', '-inf'] as const)('agrees with finite differences for p = %s', p => {
    gradcheck(y => norm(y, { p, dim: 1 }), [float([1.5, -0.5, 2, 1, 3, -2.5], [2, 3])], { order: 2 })
  })

  it('has finite gradients beside a zero element', () => {
    for (const p of [0.5, 1.5]) expect(slope(y => norm(y, { p }), float([0, 4]))[0]).toBe(0)
  })

  it('rejects another p', () => {
    expectError(() => norm(x, { p: -1 }), 'argument', "norm: p must be a number >= 0, 'inf' or '-inf', got -1")
    expectError(
      () => norm(x, { p: 'fro' as never }),
      'argument',
      "norm: p must be a number >= 0, 'inf' or '-inf', got string fro",
    )
  })
})
