import { tensor } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { reduceLoss } from './reduce-loss.ts'

describe('reduceLoss', () => {
  const losses = tensor([
    [1, 2],
    [3, 6],
  ])

  it('keeps, adds or averages', () => {
    expect(Array.from(reduceLoss(losses, 'none').dataSync())).toEqual([1, 2, 3, 6])
    expect(reduceLoss(losses, 'none').shape).toEqual([2, 2])
    expect(reduceLoss(losses, 'sum').itemSync()).toBe(12)
    expect(reduceLoss(losses).itemSync()).toBe(3)
  })

  it('divides the mean, and nothing else, by a given denominator', () => {
    expect(reduceLoss(losses, 'mean', 6).itemSync()).toBe(2)
    expect(reduceLoss(losses, 'mean', tensor(24)).itemSync()).toBe(0.5)
    expect(reduceLoss(losses, 'sum', 6).itemSync()).toBe(12)
  })

  it('is NaN as the mean of nothing', () => {
    expect(reduceLoss(tensor([])).itemSync()).toBeNaN()
    expect(reduceLoss(tensor([]), 'sum').itemSync()).toBe(0)
  })

  it('refuses what it cannot use, and says what it got', () => {
    expect(() => reduceLoss(losses, 'avg' as 'sum')).toThrow("reduceLoss: reduction 'avg' is not one of none|mean|sum")
    expect(() => reduceLoss(losses.cast('int32'))).toThrow('reduceLoss: losses must be float, got int32')
  })
})
