import { describe, expect, it } from 'vitest'
import { RandomStream } from './random.ts'

const take = (stream: RandomStream, count: number): number[] => Array.from({ length: count }, () => stream.next())

describe('RandomStream', () => {
  it('is determined by seed and stream', () => {
    expect(take(new RandomStream(7, 1), 5)).toEqual(take(new RandomStream(7, 1), 5))
    expect(take(new RandomStream(7, 1), 5)).not.toEqual(take(new RandomStream(7, 2), 5))
    expect(take(new RandomStream(8, 1), 5)).not.toEqual(take(new RandomStream(7, 1), 5))
  })

  it('is spread over [0, 1)', () => {
    const values = take(new RandomStream(0), 4000)
    expect(values.every(value => value >= 0 && value < 1)).toBe(true)
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.02)
  })

  it('picks every entry of a list', () => {
    const random = new RandomStream(3)
    expect(new Set(Array.from({ length: 200 }, () => random.pick(['a', 'b', 'c']))).size).toBe(3)
  })

  it('draws different numbers, at most all of them', () => {
    const some = new RandomStream(1).distinct(50, 60)
    expect(new Set(some).size).toBe(50)
    expect(some.every(value => Number.isInteger(value) && value >= 0 && value < 60)).toBe(true)
    expect(new RandomStream(1).distinct(9, 4).sort()).toEqual([0, 1, 2, 3])
    expect(new RandomStream(1).distinct(3, 0)).toEqual([])
  })
})
