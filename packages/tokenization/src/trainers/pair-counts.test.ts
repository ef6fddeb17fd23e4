import { describe, expect, it } from 'vitest'
import { PairCounts } from './pair-counts.ts'

describe('PairCounts', () => {
  it('takes the most frequent pair, then the next', () => {
    const counts = new PairCounts()
    counts.raise(1, 2, 3, 0)
    counts.raise(4, 5, 4, 0)
    counts.commit()
    expect(counts.take()).toMatchObject({ left: 4, right: 5, count: 4 })
    expect(counts.take()).toMatchObject({ left: 1, right: 2, count: 3 })
    expect(counts.take()).toBeUndefined()
  })

  it('breaks ties by the smaller pair, whatever came first', () => {
    const counts = new PairCounts()
    counts.raise(2, 1, 5, 0)
    counts.raise(1, 9, 5, 0)
    counts.raise(1, 3, 5, 0)
    counts.commit()
    expect([counts.take(), counts.take(), counts.take()].map(top => [top?.left, top?.right])).toEqual([
      [1, 3],
      [1, 9],
      [2, 1],
    ])
  })

  it('puts a pair that has become rarer back in its place', () => {
    const counts = new PairCounts()
    counts.raise(1, 2, 10, 0)
    counts.raise(3, 4, 5, 0)
    counts.commit()
    counts.lower(1, 2, 8)
    expect(counts.take()).toMatchObject({ left: 3, count: 5 })
    expect(counts.take()).toMatchObject({ left: 1, count: 2 })
  })

  it('follows a pair that has become more frequent, and gives it only once', () => {
    const counts = new PairCounts()
    counts.raise(1, 2, 2, 0)
    counts.raise(3, 4, 5, 0)
    counts.commit()
    counts.raise(1, 2, 4, 1)
    counts.commit()
    const top = counts.take()
    expect(top).toMatchObject({ left: 1, count: 6 })
    counts.lower(1, 2, 6)
    expect(counts.take()).toMatchObject({ left: 3, count: 5 })
    expect(counts.take()).toBeUndefined()
  })

  it('lists the words of a pair once in a row, and hands the list over', () => {
    const counts = new PairCounts()
    for (const word of [0, 0, 3]) counts.raise(1, 1, 1, word)
    counts.commit()
    const pair = counts.take()?.pair as number
    expect(counts.takeWords(pair)).toEqual([0, 3])
    expect(counts.takeWords(pair)).toEqual([])
  })

  it('does not mind lowering a pair it has never seen', () => {
    const counts = new PairCounts()
    counts.lower(8, 9, 1)
    counts.commit()
    expect(counts.take()).toBeUndefined()
  })
})
