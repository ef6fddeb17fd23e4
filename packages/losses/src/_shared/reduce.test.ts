import { tensor } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { elementWeights } from './element-weights.ts'
import { focusing } from './focusing.ts'
import { huberized } from './huberized.ts'
import { reduce, reduceBatch } from './reduce.ts'

const losses = tensor([
  [1, 2],
  [3, 6],
  [0, 0],
])

describe('reduce', () => {
  it.each([
    ['mean', undefined, 2],
    ['mean', 4, 3],
    ['sum', undefined, 12],
    ['sum', 4, 12],
  ] as const)('%s with denominator %o is %d', (reduction, denominator, expected) => {
    expect(reduce('f', losses, reduction, denominator).itemSync()).toBe(expected)
  })

  it('keeps the losses themselves', () => {
    expect(reduce('f', losses, 'none')).toBe(losses)
  })
})

describe('reduceBatch', () => {
  it.each([
    ['batchmean', 4],
    ['mean', 2],
    ['sum', 12],
  ] as const)('%s is %d', (reduction, expected) => {
    expect(reduceBatch('f', losses, reduction).itemSync()).toBe(expected)
  })

  it('counts a scalar as a batch of one', () => {
    expect(reduceBatch('f', tensor(5), 'batchmean').itemSync()).toBe(5)
  })
})

describe('elementWeights', () => {
  it.each([[[]], [[1]], [[4]], [[3, 1]], [[2, 3, 4]], [[1, 1, 4]]])('takes shape %o for [2, 3, 4]', shape => {
    const size = shape.reduce((a, b) => a * b, 1)
    const weight = tensor(new Float32Array(size), { shape })
    expect(elementWeights('f', 'weight', weight, [2, 3, 4])?.shape).toEqual(shape)
  })

  it.each([[[3]], [[2, 4]], [[1, 2, 3, 4]]])('refuses shape %o', shape => {
    const weight = tensor(new Float32Array(shape.reduce((a, b) => a * b, 1)), { shape })
    expect(() => elementWeights('f', 'weight', weight, [2, 3, 4])).toThrow('expected one that broadcasts to [2, 3, 4]')
  })
})

describe('huberized and focusing', () => {
  it('meet their branches', () => {
    expect(Array.from(huberized(tensor([-1, 2, 5]), 2).dataSync())).toEqual([0.5, 2, 8])
    expect(Array.from(focusing(tensor([0, 0.5, 1]), 2).dataSync())).toEqual([0, 0.25, 1])
    expect(Array.from(focusing(tensor([0, 0.5]), 0).dataSync())).toEqual([1, 1])
  })
})
