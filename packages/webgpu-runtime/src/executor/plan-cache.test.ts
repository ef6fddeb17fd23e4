import type { Trace } from '@surprisal/tensor/backend'
import { describe, expect, it } from 'vitest'
import type { Plan } from './compile-plan.ts'
import { PlanCache } from './plan-cache.ts'

const traced = (hash: number, ...key: number[]): Trace => ({ nodes: [], targets: [], key: Int32Array.from(key), hash })

function counting() {
  let made = 0
  const cache = new PlanCache(({ key }) => {
    made += 1
    return { used: 0, key: key.slice() } as Plan
  })
  return { cache, made: () => made }
}

describe('plans', () => {
  it('are made once for each key, whatever the hash says', () => {
    const { cache, made } = counting()
    const first = cache.for(traced(1, 5, 6))
    const second = cache.for(traced(1, 5, 7))
    const third = cache.for(traced(1, 5, 6, 0))
    expect(new Set([first, second, third]).size).toBe(3)
    expect(cache.for(traced(1, 5, 6))).toBe(first)
    expect(cache.for(traced(1, 5, 7))).toBe(second)
    expect([made(), cache.size]).toEqual([3, 3])
  })

  it('go when they have not been used for the longest time', () => {
    const { cache, made } = counting()
    const kept = cache.for(traced(0, 0))
    for (let i = 1; i < 256; i++) cache.for(traced(i % 5, i))
    expect([cache.for(traced(0, 0)), made()]).toEqual([kept, 256])
    cache.for(traced(3, 1000))
    expect(cache.size).toBe(256)
    expect(cache.for(traced(0, 0))).toBe(kept)
    expect(cache.for(traced(2, 2)).key).toEqual(Int32Array.of(2))
    expect(made()).toBe(257)
    cache.for(traced(1, 1))
    expect(made()).toBe(258)
  })
})
