import { cat, normal, realize, type Tensor } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { KVCache } from './kv-cache.ts'

const piece = (key: number, tokens: number, batch = 2): Tensor => normal(key, [batch, 3, tokens, 4])
const held = async (cache: { k: { value: Tensor }; keyLength: Tensor }) => {
  const length = Number(await cache.keyLength.item())
  return [...(await cache.k.value.narrow(2, 0, length).data())]
}
const joined = async (...parts: Tensor[]) => [...(await cat(parts, { dim: 2 }).data())]

describe('KVCache', () => {
  it('holds what is added, and grows by chunks', async () => {
    const cache = new KVCache({ numLayers: 1, chunk: 4 })
    const parts = [piece(1, 3), piece(2, 1), piece(3, 2)]
    const capacities: number[] = []
    for (const [i, part] of parts.entries()) {
      const added = cache.append(0, part, part)
      await realize(...cache.tensors())
      expect(await held(added)).toEqual(await joined(...parts.slice(0, i + 1)))
      capacities.push(added.k.shape[2])
    }
    expect(capacities).toEqual([4, 4, 8])
    expect(cache.length).toBe(6)
  })

  it('counts tokens that all layers have', () => {
    const cache = new KVCache({ numLayers: 2 })
    cache.append(0, piece(1, 2), piece(1, 2))
    expect(cache.length).toBe(0)
    cache.append(1, piece(1, 2), piece(1, 2))
    expect(cache.length).toBe(2)
    expect(cache.tensors()).toHaveLength(4)
  })

  it('forgets what it is told to, and puts rows in another order', async () => {
    const cache = new KVCache({ numLayers: 1 })
    const first = piece(1, 4)
    cache.append(0, first, first)
    cache.truncate(2)
    cache.reorder([1, 0, 1])
    const next = piece(2, 1, 3)
    const rows = [1, 0, 1].map(row => first.narrow(0, row, 1).narrow(2, 0, 2))
    const before = cat(rows, { dim: 0 })
    expect(await held(cache.append(0, next, next))).toEqual(await joined(before, next))
  })

  it('takes no more than it may', () => {
    const cache = new KVCache({ numLayers: 1, maxLength: 3 })
    expect(cache.append(0, piece(1, 3), piece(1, 3)).k.shape).toEqual([2, 3, 3, 4])
    expect(() => cache.append(0, piece(1, 1), piece(1, 1))).toThrow('KVCache.append: length must be at most 3, got 4')
    expect(cache.length).toBe(3)
  })

  it('refuses what does not fit', () => {
    const cache = new KVCache({ numLayers: 1 })
    cache.append(0, piece(1, 1), piece(1, 1))
    expect(() => cache.append(1, piece(1, 1), piece(1, 1))).toThrow('layer must be below 1, got 1')
    expect(() => cache.append(0, piece(1, 1, 1), piece(1, 1, 1))).toThrow('k must be [2, 3, T, 4], got [1, 3, 1, 4]')
    expect(() => cache.truncate(2)).toThrow('KVCache.truncate: length must be at most 1, got 2')
    expect(() => new KVCache({ numLayers: 0 })).toThrow('KVCache: numLayers must be a whole number from 1, got 0')
  })
})
