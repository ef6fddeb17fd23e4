import { tensor } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { klRows } from './divergence.ts'
import { bothMasks, keptRows, maskOf, reduceRows } from './rows.ts'

const list = (x: { dataSync(): ArrayLike<number> }): number[] => Array.from(x.dataSync())

describe('reduceRows', () => {
  const losses = tensor([1, 2, Number.NaN])
  const mask = tensor([true, true, false])

  it('counts what the mask keeps', () => {
    expect(reduceRows('f', losses, mask).itemSync()).toBe(1.5)
    expect(reduceRows('f', losses, mask, 'sum').itemSync()).toBe(3)
    expect(list(reduceRows('f', losses, mask, 'none'))).toEqual([1, 2, 0])
    expect(reduceRows('f', losses, null).itemSync()).toBeNaN()
  })

  it('is 0 of nothing', () => {
    expect(reduceRows('f', losses, tensor([false, false, false])).itemSync()).toBe(0)
    expect(reduceRows('f', tensor([]), null).itemSync()).toBe(0)
  })
})

describe('masks', () => {
  const [a, b] = [tensor([true, true]), tensor([true, false])]

  it('join', () => {
    expect([bothMasks(null, null), bothMasks(a, null), bothMasks(null, b)]).toEqual([null, a, b])
    expect(list(bothMasks(a, b) as typeof a)).toEqual([1, 0])
  })

  it('blank whole rows', () => {
    const x = tensor([
      [1, 2],
      [Number.NaN, 4],
    ])
    expect(list(keptRows(x, b))).toEqual([1, 2, 0, 0])
    expect(keptRows(x, null)).toBe(x)
  })

  it('have the shape of the rows', () => {
    expect(maskOf('f', undefined, [2])).toBeNull()
    expect(maskOf('f', tensor([0, 2], { dtype: 'int32' }), [2])?.dtype).toBe('bool')
    expect(() => maskOf('f', a, [3])).toThrow('f: mask must have shape [3], got [2]')
  })
})

describe('klRows', () => {
  const [never, half] = [Number.NEGATIVE_INFINITY, Math.log(0.5)]

  it.each([
    ['equal', [half, half], [half, half], 0],
    ['a certain p', [0, never], [half, half], Math.LN2],
    ['excluded by both', [0, never], [0, never], 0],
    ['excluded by q alone', [half, half], [0, never], Number.POSITIVE_INFINITY],
    ['an unknown p', [Number.NaN, 0], [half, half], Number.NaN],
  ])('of %s', (_what, p, q, expected) => {
    expect(list(klRows(tensor([p]), tensor([q])))).toEqual([
      Number.isFinite(expected) ? expect.closeTo(expected, 6) : expected,
    ])
  })
})
