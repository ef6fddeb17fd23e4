import { memory, normal, realize, type Tensor } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { lambdaAttention } from './lambda-attention.ts'
import { LambdaKVCache, lambdaCacheIndices } from './lambda-cache.ts'

const window = { globalTokens: 2, localTokens: 3 }
const [q, k, v] = [1, 2, 3].map(key => normal(key, [1, 2, 14, 4]))
const part = (x: Tensor, from: number, count: number): Tensor => x.narrow(2, from, count)

describe('lambdaCacheIndices', () => {
  it('keeps everything of a short text, then the first tokens and the window', () => {
    const at = (length: number): number[] => Array.from(lambdaCacheIndices(length, window).dataSync())
    expect(at(0)).toEqual([])
    expect(at(1)).toEqual([0])
    expect(at(5)).toEqual([0, 1, 2, 3, 4])
    expect(at(6)).toEqual([0, 1, 3, 4, 5])
    expect(at(100)).toEqual([0, 1, 97, 98, 99])
  })

  it('refuses counts out of their range', () => {
    expect(() => lambdaCacheIndices(-1, window)).toThrow(
      'lambdaCacheIndices: length must be a whole number from 0, got -1',
    )
    expect(() => lambdaCacheIndices(1, { localTokens: 0 })).toThrow('lambdaCacheIndices: localTokens must be')
  })
})

describe('LambdaKVCache', () => {
  it.each([[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], [4, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], [1, 6, 2, 5], [14]])(
    'gives in steps what the whole text gives: %j',
    (...steps) => {
      const whole = Array.from(lambdaAttention(q, k, v, window).dataSync())
      const cache = new LambdaKVCache({ ...window, numLayers: 1 })
      let start = 0
      for (const count of steps) {
        const entries = cache.append(0, part(k, start, count), part(v, start, count))
        const { keyPositions } = entries
        const own = lambdaAttention(part(q, start, count), entries.k, entries.v, { ...window, keyPositions })
        own.dataSync().forEach((value, i) => {
          const [head, row, d] = [Math.floor(i / (4 * count)), Math.floor(i / 4) % count, i % 4]
          expect(value).toBeCloseTo(whole[(head * 14 + start + row) * 4 + d], 5)
        })
        start += count
      }
      expect(cache.length).toBe(14)
      expect([...cache.indices]).toEqual([0, 1, 11, 12, 13])
    },
  )

  it('keeps everything for keys between', () => {
    const cache = new LambdaKVCache({ ...window, numLayers: 1, keepAll: true })
    cache.append(0, part(k, 0, 9), part(v, 0, 9))
    const entries = cache.append(0, part(k, 9, 1), part(v, 9, 1))
    expect(entries.k.shape[2]).toBe(10)
    expect([...entries.keyPositions]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  it('needs the same memory for any text', async () => {
    const cache = new LambdaKVCache({ ...window, numLayers: 2 })
    const live: number[] = []
    for (let step = 0; step < 60; step++) {
      for (const layer of [0, 1]) {
        const entries = cache.append(layer, normal(step, [1, 2, 1, 4]), normal(step + 100, [1, 2, 1, 4]))
        await realize(entries.k, entries.v)
        entries.k.dispose()
        entries.v.dispose()
      }
      live.push(memory().live)
    }
    expect(live[59]).toBeLessThanOrEqual(live[20])
    expect(cache.length).toBe(60)
  })

  it('refuses a layer that there is not', () => {
    const cache = new LambdaKVCache({ ...window, numLayers: 2 })
    expect(() => cache.append(2, k, v)).toThrow('LambdaKVCache: layer must be from 0 to 1, got 2')
    expect(() => new LambdaKVCache({ ...window, numLayers: 0 })).toThrow('LambdaKVCache: numLayers must be')
  })
})
