import { tensor } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { depthOf, meanOverRankings, summedPrecision } from './rankings.ts'

const ids = (...data: number[]) => tensor(data, { dtype: 'int32' })

describe('meanOverRankings', () => {
  const line = { distance: { type: 'lp', normalize: false } } as const
  const points = tensor([[0], [1], [5]])

  it('shows each query its ranking without itself, and what there is to find', async () => {
    const seen: [number[], number][] = []
    const mean = await meanOverRankings('f', points, ids(1, 2, 1), [line], () => (hits, relevant) => {
      seen.push([Array.from(hits), relevant])
      return seen.length
    })
    expect(seen).toEqual([
      [[0, 1], 1],
      [[0, 1], 1],
    ])
    expect(mean).toBe(1.5)
  })

  it('shows the whole reference where one is given', async () => {
    const seen: number[][] = []
    await meanOverRankings('f', points.narrow(0, 0, 1), ids(7), [points, ids(7, 8, 7), line], () => hits => {
      seen.push(Array.from(hits))
      return 0
    })
    expect(seen).toEqual([[1, 0, 1]])
  })
})

describe('summedPrecision', () => {
  it('adds the precision at every hit', () => {
    expect(summedPrecision(Uint8Array.of(1, 0, 1, 1))).toBeCloseTo(1 + 2 / 3 + 3 / 4, 12)
    expect(summedPrecision(Uint8Array.of(0, 0))).toBe(0)
  })
})

describe('depthOf', () => {
  it('is 1 unless told', () => {
    expect([depthOf('f', {}), depthOf('f', { k: 7 })]).toEqual([1, 7])
    expect(() => depthOf('f', { k: Number.NaN })).toThrow('f: k must be an integer of at least 1, got NaN')
  })
})
