import { describe, expect, it } from 'vitest'
import { gradients } from '../../index.ts'
import { expectClose, expectError, expectTensor, float } from '../__fixtures__/test-tools.ts'
import { inverseStack, solveStack, triangularSolveStack } from './solving.ts'

const singular = float([1, 2, 2, 4], [1, 2, 2])
const a = float([2, 1, 0, 4], [1, 2, 2])
const b = float([3, 8], [1, 2, 1])

describe('solutions on stacks', () => {
  it('are those of the systems', () => {
    expectTensor(solveStack('test', a, b), 'float32', [1, 2, 1], [0.5, 2])
    expectTensor(inverseStack('test', a), 'float32', [1, 2, 2], [0.5, -0.125, 0, 0.25])
    expectTensor(triangularSolveStack('test', a, b, {}), 'float32', [1, 2, 1], [1.5, 2])
  })

  it('name the op that they are part of, in gradients as well', () => {
    for (const x of [
      solveStack('test', singular, b),
      inverseStack('test', singular),
      triangularSolveStack('test', float([0], [1, 1, 1]), float([1], [1, 1, 1]), {}),
    ])
      expectError(() => x.dataSync(), 'argument', 'test: matrix 0 is singular')
  })

  it('have gradients of their own', () => {
    const [da, db] = gradients(solveStack('test', a, b).sum(), [a, b])
    expectClose(db, [0.5, 0.125])
    expectClose(da, [-0.25, -1, -0.0625, -0.25])
    const [di] = gradients(inverseStack('test', float([4], [1, 1, 1])).sum(), [a])
    expect([...di.dataSync()]).toEqual([0, 0, 0, 0])
  })
})
