import { describe, expect, it } from 'vitest'
import { expectError } from '../__fixtures__/test-tools.ts'
import { poolWindows } from './pool-windows.ts'

/** Number of windows of length 3 and distance 2 over one dim. */
const count = (size: number, padding: number, ceilMode: boolean): number =>
  poolWindows('pool', [size], 3, { stride: 2, padding, ceilMode }).windows.outputs[0]

describe('poolWindows', () => {
  it('counts windows that fit', () => {
    expect([3, 4, 5, 6, 7].map(size => count(size, 0, false))).toEqual([1, 1, 2, 2, 3])
    expect([1, 2, 3].map(size => count(size, 1, false))).toEqual([1, 1, 2])
  })

  it('counts one that reaches over the end in ceilMode, unless it starts in the padding', () => {
    expect([3, 4, 5, 6, 7].map(size => count(size, 0, true))).toEqual([1, 2, 2, 3, 3])
    expect([1, 2, 3, 4].map(size => count(size, 1, true))).toEqual([1, 2, 2, 3])
    expect(poolWindows('pool', [3], 2, { stride: 3, padding: 1, ceilMode: true }).windows.outputs).toEqual([2])
    expect(poolWindows('pool', [2], 2, { stride: 3, padding: 1, ceilMode: true }).windows.outputs).toEqual([1])
  })

  it('moves by the kernel when no stride is given', () => {
    const { windows, padding } = poolWindows('pool', [6, 6], [2, 3], { padding: 1 })
    expect(windows).toEqual({ kernel: [2, 3], stride: [2, 3], dilation: [1, 1], before: [1, 1], outputs: [4, 2] })
    expect(padding).toEqual([1, 1])
  })

  it('allows padding of half of what a window spans', () => {
    expect(poolWindows('pool', [4], 2, { dilation: 3, padding: 2 }).windows.outputs).toEqual([3])
    expectError(
      () => poolWindows('pool', [4], 2, { padding: 2 }),
      'argument',
      'pool: padding must be at most half of the kernel [2], got [2]',
    )
  })
})
