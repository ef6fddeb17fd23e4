import { tensor } from '@surprisal/tensor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cemCategoricalUpdate, cemGaussianUpdate, eliteOf } from './cem-updates.ts'

describe('eliteOf', () => {
  it('takes the best share, of equal scores the first', () => {
    expect(eliteOf('f', [1, 3, 3, 2, 0], { rho: 0.4 })).toEqual({ elite: [1, 2], threshold: 3 })
    expect(eliteOf('f', [1, 3, 3, 2, 0], { rho: 0.2, direction: 'min' })).toEqual({ elite: [4], threshold: 0 })
    expect(eliteOf('f', [1, 1, 1], { rho: 0.01 })).toEqual({ elite: [0], threshold: 1 })
  })

  it('does not count a rounding error as a sample', () => {
    for (const [rho, n, size] of [
      [0.2, 15, 3],
      [0.1, 30, 3],
      [0.07, 100, 7],
      [0.34, 6, 3],
    ])
      expect(eliteOf('f', new Array(n).fill(0), { rho }).elite).toHaveLength(size)
  })

  it('puts NaN last, whatever the direction', () => {
    for (const direction of ['max', 'min'] as const)
      expect(eliteOf('f', [Number.NaN, 1, Number.NaN], { rho: 0.3, direction })).toEqual({ elite: [1], threshold: 1 })
  })

  it.each([
    [{ rho: 0 }, 'f: rho must be in (0, 1], got 0'],
    [{ rho: 1.1 }, 'f: rho must be in (0, 1], got 1.1'],
    [{ smoothing: Number.NaN }, 'f: smoothing must be in (0, 1], got NaN'],
    [{ direction: 'up' as never }, 'f: direction must be one of max, min, got up'],
  ])('refuses %j', (options, message) => {
    expect(() => eliteOf('f', [1], options)).toThrow(message)
  })

  it('refuses no score', () => {
    expect(() => eliteOf('f', [], {})).toThrow('f: scores must not be empty')
  })
})

describe('cemCategoricalUpdate', () => {
  it('mixes the shares of the elite with what was', () => {
    const update = cemCategoricalUpdate([[0.5, 0.5]], [[0], [1], [1], [0]], [1, 4, 3, 2], { rho: 0.5, smoothing: 0.5 })
    expect(update).toEqual({ probs: [[0.25, 0.75]], elite: [1, 2], threshold: 3 })
  })

  it('keeps rows that sum to 1', () => {
    const draws = fc.array(fc.tuple(fc.nat(2), fc.double({ noNaN: true })), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(draws, fc.double({ min: 0.01, max: 1, noNaN: true }), (list, share) => {
        const samples = list.map(([choice]) => [choice])
        const scores = list.map(([, score]) => score)
        const options = { rho: share, smoothing: share }
        const [row] = cemCategoricalUpdate([[0.2, 0.3, 0.5]], samples, scores, options).probs
        expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9)
      }),
    )
  })

  it.each([
    [[[0.5, 0.6]], [[0]], [1], 'cemCategoricalUpdate: probs of parameter 0 must sum to 1, got 1.1'],
    [[[1], [1]], [[0, 1]], [1], 'cemCategoricalUpdate: samples of parameter 1 must be one of 1 choices, got 1'],
    [[[1]], [[]], [1], 'cemCategoricalUpdate: samples of parameter 0 must be one of 1 choices, got undefined'],
    [[[1]], [[0]], [1, 2], 'cemCategoricalUpdate: samples must be 2 as scores, got 1'],
  ])('refuses %j with %j and %j', (probs, samples, scores, message) => {
    expect(() => cemCategoricalUpdate(probs, samples as number[][], scores)).toThrow(message)
  })
})

describe('cemGaussianUpdate', () => {
  it('takes mean and population deviation of the elite', () => {
    const samples = tensor([[1], [3], [100]])
    const { mean, std } = cemGaussianUpdate(tensor([0]), tensor([5]), samples, [2, 3, 1], { rho: 0.6, smoothing: 1 })
    expect([mean.dataSync()[0], std.dataSync()[0]]).toEqual([2, 1])
    const one = cemGaussianUpdate(tensor([0]), tensor([5]), samples, [2, 3, 1], { rho: 0.1, smoothing: 0.5 })
    expect([one.mean.dataSync()[0], one.std.dataSync()[0]]).toEqual([1.5, 2.5])
  })

  it('refuses samples of another shape', () => {
    expect(() => cemGaussianUpdate(tensor([0, 0]), tensor([1, 1]), tensor([[1]]), [1])).toThrow(
      'cemGaussianUpdate: samples must be [1, 2] with one std per mean, got [1, 1] and [2]',
    )
    expect(() => cemGaussianUpdate(tensor([0]), tensor([1, 1]), tensor([[1]]), [1])).toThrow('got [1, 1] and [2]')
    expect(() => cemGaussianUpdate([0] as never, tensor([1]), tensor([[1]]), [1])).toThrow(
      'cemGaussianUpdate: mean must be a tensor, got an array of 1',
    )
  })
})
