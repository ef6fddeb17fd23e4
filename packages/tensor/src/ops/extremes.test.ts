import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { gradients } from '../index.ts'
import { expectError, expectTensor, float, numbers, tensorOf } from './__fixtures__/test-tools.ts'
import { fmax, fmin, maximum, minimum } from './extremes.ts'

const a = [1, 2, 3, NaN, 0, NaN, -Infinity]
const b = [1, 5, 2, 1, NaN, NaN, Infinity]

describe('the larger and the smaller of two', () => {
  it.each([
    ['maximum', maximum, [1, 5, 3, NaN, NaN, NaN, Infinity]],
    ['minimum', minimum, [1, 2, 2, NaN, NaN, NaN, -Infinity]],
    ['fmax', fmax, [1, 5, 3, 1, 0, NaN, Infinity]],
    ['fmin', fmin, [1, 2, 2, 1, 0, NaN, -Infinity]],
  ] as const)('%s treats NaN as its name says', (_name, f, expected) => {
    expectTensor(f(float(a), float(b)), 'float32', [7], expected)
  })

  it('order the signed zeros', () => {
    expect(numbers(maximum(float([-0, 0]), float([0, -0])))).toEqual([0, 0])
    expect(numbers(minimum(float([-0, 0]), float([0, -0])))).toEqual([-0, -0])
  })

  it('keep integers and bools', () => {
    expectTensor(maximum(tensorOf('int8', [-5, 5]), 0), 'int8', [2], [0, 5])
    expectTensor(minimum(tensorOf('uint8', [1]), tensorOf('int8', [-1])), 'int32', [1], [-1])
    const [p, q] = [tensorOf('bool', [0, 0, 1, 1]), tensorOf('bool', [0, 1, 0, 1])]
    for (const f of [maximum, fmax]) expectTensor(f(p, q), 'bool', [4], [0, 1, 1, 1])
    for (const f of [minimum, fmin]) expectTensor(f(p, q), 'bool', [4], [0, 0, 0, 1])
  })

  it('broadcast', () => {
    expectTensor(fmax(float([1, 4], [2, 1]), float([2, 3])), 'float32', [2, 2], [2, 3, 4, 4])
    expectError(() => fmin(float([1, 2]), float([1, 2, 3])), 'shape', 'fmin: shapes [2] and [3] cannot be broadcast')
  })

  it.each([maximum, minimum, fmax, fmin])('give half of the gradient to each side of a tie', f => {
    const [x, y] = [float([1, 2]), float([1, 2])]
    const [dx, dy] = gradients(f(x, y).sum(), [x, y])
    expectTensor(dx, 'float32', [2], [0.5, 0.5])
    expectTensor(dy, 'float32', [2], [0.5, 0.5])
  })

  it.each([maximum, minimum, fmax, fmin])('agree with finite differences', f => {
    gradcheck(f, [float([1, 5, -2]), float([3, -4, -1])], { order: 2 })
  })
})
