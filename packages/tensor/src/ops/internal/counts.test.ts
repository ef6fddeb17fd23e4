import { describe, it } from 'vitest'
import { expectTensor } from '../__fixtures__/test-tools.ts'
import { countsTensor } from './counts.ts'

describe('countsTensor', () => {
  it('multiplies the counts along each dim, and is a scalar where they are even', () => {
    expectTensor(countsTensor('test', [[2, 2, 2], [3]]), 'float32', [], [6])
    expectTensor(
      countsTensor('test', [
        [2, 2],
        [1, 3],
      ]),
      'float32',
      [1, 2],
      [2, 6],
    )
    expectTensor(
      countsTensor('test', [
        [1, 2],
        [1, 3, 5],
      ]),
      'float32',
      [2, 3],
      [1, 3, 5, 2, 6, 10],
    )
    expectTensor(countsTensor('test', [[], [4, 4]]), 'float32', [], [4])
  })
})
