import { describe, expect, it } from 'vitest'
import { gradients } from '../../index.ts'
import { expectTensor, float, numbers, tensorOf } from '../__fixtures__/test-tools.ts'
import { maximumOver } from './max-pool.ts'
import type { Windows } from './windows.ts'

const low = Number.NEGATIVE_INFINITY
const windows = (kernel: number, stride: number, dilation: number, before: number, outputs: number): Windows => ({
  kernel: [kernel],
  stride: [stride],
  dilation: [dilation],
  before: [before],
  outputs: [outputs],
})

/** Values of the windows of one row, and what each element has of 1, 10, 100, ... given to the windows. */
function pooled(data: number[], w: Windows): [number[], number[]] {
  const x = float(data, [1, 1, data.length])
  const y = maximumOver('pool', x, w)
  const weights = float(
    Array.from({ length: y.size }, (_, i) => 10 ** i),
    y.shape,
  )
  return [numbers(y), numbers(gradients(y.mul(weights).sum(), [x])[0])]
}

describe('maximumOver', () => {
  it('gives what overlapping windows receive to the first of their largest', () => {
    expect(pooled([2, 5, 5, 1], windows(2, 1, 1, 0, 3))).toEqual([
      [5, 5, 5],
      [0, 11, 100, 0],
    ])
    expect(pooled([7, 7, 7, 7], windows(2, 1, 2, 0, 2))).toEqual([
      [7, 7],
      [1, 10, 0, 0],
    ])
  })

  it('never chooses padding, where all is -Infinity and where a window sees nothing else', () => {
    expect(pooled([low, low, 3], windows(3, 1, 1, 1, 3))).toEqual([
      [low, 3, 3],
      [1, 0, 110],
    ])
    expect(pooled([4], windows(2, 1, 2, 1, 1))).toEqual([[low], [0]])
    expect(pooled([4], windows(2, 1, 2, 2, 3))).toEqual([[4, low, 4], [101]])
  })

  it('leaves what no window reaches without a gradient', () => {
    expect(pooled([1, 9, 2, 3, 8], windows(2, 3, 1, 0, 1))).toEqual([[9], [0, 1, 0, 0, 0]])
    expect(pooled([9, 1, 2], windows(2, 1, 1, -1, 1))).toEqual([[2], [0, 0, 1]])
  })

  it('gives integers no gradient but keeps them', () => {
    const x = tensorOf('int8', [-128, -3], [1, 1, 2])
    expectTensor(maximumOver('pool', x, windows(2, 1, 1, 1, 3)), 'int8', [1, 1, 3], [-128, -3, -3])
  })
})
