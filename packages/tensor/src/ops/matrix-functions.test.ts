import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { expectEqual, randomTensor, unit } from './__fixtures__/matrices.ts'
import { expectClose, expectError, expectTensor, float, tensorOf } from './__fixtures__/test-tools.ts'
import { matrixExp, matrixPower } from './matrix-functions.ts'
import { inverse } from './solving.ts'

const a = randomTensor(1, 2, 3, 3)

describe('matrixExp', () => {
  it('of examples', () => {
    expectClose(matrixExp(float([0, -1, 1, 0], [2, 2])), [Math.cos(1), -Math.sin(1), Math.sin(1), Math.cos(1)])
    expectClose(matrixExp(float([1, 0, 0, -2], [2, 2])), [Math.E, 0, 0, Math.exp(-2)])
    expectTensor(matrixExp(float([0, 7, 0, 0], [2, 2])), 'float32', [2, 2], [1, 7, 0, 1])
  })

  it('of the negative is the inverse', () => expectEqual(matrixExp(a.neg()), inverse(matrixExp(a)), 1e-4))

  it('of nothing and of other dtypes', () => {
    expect(matrixExp(float([], [0, 2, 2])).shape).toEqual([0, 2, 2])
    expectTensor(matrixExp(tensorOf('int32', [0], [1, 1])), 'float32', [1, 1], [1])
    expect(matrixExp(tensorOf('float16', [1], [1, 1])).dtype).toBe('float16')
  })

  it('agrees with finite differences, to the second order', () => gradcheck(matrixExp, [a], { order: 2 }))

  it('refuses what is not square', () => {
    expectError(() => matrixExp(float([1, 2], [1, 2])), 'shape', 'matrixExp: expected square matrices, got [1, 2]')
  })
})

describe('matrixPower', () => {
  it('multiplies repeatedly', () => {
    expectEqual(matrixPower(a, 0), unit(3), 0)
    expectEqual(matrixPower(a, 1), a, 0)
    expectEqual(matrixPower(a, 5), a.matmul(a).matmul(a).matmul(a).matmul(a), 1e-4)
    expectEqual(matrixPower(a, -2), inverse(a).matmul(inverse(a)), 1e-3)
  })

  it.each([-2, -1, 0, 1, 2, 5])('%d agrees with finite differences, to the second order', n => {
    gradcheck(x => matrixPower(x, n).add(x.square()), [a], { order: 2 })
  })

  it('refuses negative powers of singular matrices when read, and what is no integer', () => {
    const power = matrixPower(float([1, 2, 2, 4], [2, 2]), -1)
    expectError(() => power.dataSync(), 'argument', 'matrixPower: matrix 0 is singular')
    for (const n of [0.5, Infinity])
      expectError(() => matrixPower(a, n), 'argument', `matrixPower: n must be an integer, got ${n}`)
    expectError(() => matrixPower(float([1]), 2), 'shape', 'matrixPower: expected square matrices, got [1]')
  })
})
