import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { gradients } from '../index.ts'
import { expectEqual, randomTensor, unit } from './__fixtures__/matrices.ts'
import { expectClose, expectError, expectTensor, float, numbers, tensorOf } from './__fixtures__/test-tools.ts'
import { inverse, solve, triangularSolve } from './solving.ts'

const a = randomTensor(1, 2, 3, 3)
const b = randomTensor(2, 2, 3, 2)

describe('solve', () => {
  it('undoes a product', () => {
    expectEqual(a.matmul(solve(a, b)), b)
    expectTensor(solve(float([0, 2, 4, 0], [2, 2]), float([2, 8], [2, 1])), 'float32', [2, 1], [2, 1])
  })

  it('takes vectors, one for all matrices or one for each', () => {
    const one = solve(a, randomTensor(3, 3))
    expect(one.shape).toEqual([2, 3])
    expectEqual(a.matmul(one.unsqueeze(-1)), randomTensor(3, 3).unsqueeze(-1))
    const each = randomTensor(4, 2, 3)
    expectEqual(a.matmul(solve(a, each).unsqueeze(-1)).squeeze({ dim: -1 }), each)
  })

  it('broadcasts leading dims', () => {
    const many = randomTensor(5, 4, 1, 3, 2)
    const x = solve(a, many)
    expect(x.shape).toEqual([4, 2, 3, 2])
    expectEqual(a.matmul(x), many.expand([4, 2, 3, 2]))
  })

  it('gives float32 for integers and keeps float16', () => {
    expectTensor(solve(tensorOf('int32', [2], [1, 1]), tensorOf('int32', [3])), 'float32', [1], [1.5])
    expect(solve(tensorOf('float16', [2], [1, 1]), tensorOf('float16', [3])).dtype).toBe('float16')
  })

  it('of nothing', () => {
    expect(solve(float([], [0, 0]), float([], [0, 2])).shape).toEqual([0, 2])
    expect(numbers(solve(float([], [0, 2, 2]), float([1, 2])))).toEqual([])
  })

  it('agrees with finite differences, to the second order', () => {
    gradcheck(solve, [a, b], { order: 2 })
    gradcheck(solve, [randomTensor(6, 3, 3), b], { order: 2 })
    gradcheck(solve, [a, randomTensor(7, 3)], { order: 2 })
  })

  it('refuses bad shapes when called and singular matrices when read', () => {
    const rows = 'solve: a and b must have equal numbers of rows, got shapes [2, 3, 3] and [2]'
    expectError(() => solve(a, float([1, 2])), 'shape', rows)
    expectError(
      () => solve(float([1, 2, 3, 4, 5, 6], [2, 3]), b),
      'shape',
      'solve: expected square matrices, got [2, 3]',
    )
    expectError(() => solve(float([1]), b), 'shape', 'solve: expected square matrices, got [1]')
    expectError(() => solve(a, float([3], [])), 'shape', 'solve: expected at least 2 dims, got shape []')
    expectError(
      () => solve(randomTensor(1, 2, 3, 3), randomTensor(1, 3, 3, 1)),
      'shape',
      'solve: shapes [2] and [3] cannot be broadcast',
    )
    const singular = solve(float([1, 0, 0, 1, 1, 2, 2, 4], [2, 2, 2]), float([1, 1]))
    expectError(() => singular.dataSync(), 'argument', 'solve: matrix 1 is singular')
  })
})

describe('triangularSolve', () => {
  it('reads one triangle', () => {
    const t = float([2, 1, 3, 4], [2, 2])
    const y = float([4, 10])
    expectClose(triangularSolve(t, y), [2, 1])
    expectClose(triangularSolve(t, y, { upper: true }), [0.75, 2.5])
    expectClose(triangularSolve(t, y, { transpose: true }), [-1.75, 2.5])
    expectClose(triangularSolve(t, y, { unitriangular: true }), [4, -2])
  })

  it('agrees with solve', () => {
    expectEqual(triangularSolve(a, b), solve(a.tril(), b), 1e-4)
    expectEqual(triangularSolve(a, b, { upper: true, transpose: true }), solve(a.triu().transpose(1, 2), b), 1e-4)
  })

  for (const upper of [false, true])
    for (const transpose of [false, true])
      for (const unitriangular of [false, true])
        it(`agrees with finite differences: ${JSON.stringify({ upper, transpose, unitriangular })}`, () => {
          gradcheck((x, y) => triangularSolve(x, y, { upper, transpose, unitriangular }), [a, b], { order: 2 })
        })

  it('gives no gradient to what it does not read', () => {
    const [upper] = gradients(triangularSolve(a, b).sum(), [a])
    expectEqual(upper.triu({ diagonal: 1 }), a.mul(0), 0)
    const [edge] = gradients(triangularSolve(a, b, { unitriangular: true }).sum(), [a])
    expectEqual(edge.triu(), a.mul(0), 0)
  })

  it('refuses a zero on the diagonal, unless ones are meant, and bad arguments', () => {
    const t = float([1, 0, 5, 0], [2, 2])
    expectError(() => triangularSolve(t, float([1, 1])).dataSync(), 'argument', 'triangularSolve: matrix 0 is singular')
    expectClose(triangularSolve(t, float([1, 1]), { unitriangular: true }), [1, -4])
    expectError(
      () => triangularSolve(t, t, 1 as never),
      'argument',
      'triangularSolve: options must be an object, got 1',
    )
    expectError(
      () => triangularSolve(float([1, 2], [1, 2]), t),
      'shape',
      'triangularSolve: expected square matrices, got [1, 2]',
    )
  })
})

describe('inverse', () => {
  it('undoes the matrix', () => {
    expectEqual(a.matmul(inverse(a)), unit(3), 1e-4)
    expectTensor(inverse(float([4], [1, 1])), 'float32', [1, 1], [0.25])
    expect(inverse(float([], [3, 0, 0])).shape).toEqual([3, 0, 0])
  })

  it('agrees with finite differences, to the second order', () => gradcheck(inverse, [a], { order: 2 }))

  it('refuses singular matrices when read', () => {
    const singular = inverse(float([1, 2, 2, 4], [2, 2]))
    expectError(() => singular.dataSync(), 'argument', 'inverse: matrix 0 is singular')
    expectError(() => inverse(float([1, 2], [1, 2])), 'shape', 'inverse: expected square matrices, got [1, 2]')
    expectError(() => inverse(3 as never), 'argument', 'inverse: a must be a tensor, got number 3')
  })
})
