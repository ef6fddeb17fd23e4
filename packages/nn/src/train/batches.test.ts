import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { batchSource, shuffledBatches } from './batches.ts'

describe('batchSource', () => {
  it('goes through a list again and again, and asks a function by number', () => {
    const list = batchSource(['a', 'b'])
    expect([list.batchesPerEpoch, list.batch(0), list.batch(3)]).toEqual([2, 'a', 'b'])
    const squares = batchSource((index: number) => index * index)
    expect([squares.batchesPerEpoch, squares.batch(7)]).toEqual([undefined, 49])
    expect(batchSource(squares)).toBe(squares)
  })
})

describe('shuffledBatches', () => {
  const all = (count: number, batchSize: number, seed: number, partial: boolean, epoch: number): number[][] => {
    const source = shuffledBatches(count, { batchSize, seed, partial, take: samples => [...samples] })
    const n = source.batchesPerEpoch as number
    return Array.from({ length: n }, (_, i) => source.batch(epoch * n + i))
  }

  it('gives every sample once an epoch, in batches of one size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 10 }), fc.nat(3), (count, size, epoch) => {
        const whole = all(count, size, 1, true, epoch)
        expect(whole.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i))
        fc.pre(size <= count)
        const cut = all(count, size, 1, false, epoch)
        expect(cut.every(batch => batch.length === size)).toBe(true)
        expect(cut.length).toBe(Math.floor(count / size))
        expect(new Set(cut.flat()).size).toBe(cut.length * size)
      }),
    )
  })

  it('has an order for each seed and epoch, whatever was asked before', () => {
    const orders = [0, 1, 2].flatMap(seed => [0, 1].map(epoch => all(20, 5, seed, false, epoch).flat().join()))
    expect(new Set(orders).size).toBe(6)
    const source = shuffledBatches(20, { batchSize: 5, take: samples => [...samples] })
    const later = source.batch(9)
    source.batch(2)
    expect(source.batch(9)).toEqual(later)
  })

  it('puts each sample everywhere equally often', () => {
    const counts = new Array(5).fill(0)
    for (let epoch = 0; epoch < 2000; epoch++) counts[all(5, 1, 3, false, epoch).flat().indexOf(0)] += 1
    for (const count of counts) expect(Math.abs(count - 400)).toBeLessThan(75)
  })

  it.each([
    [0, 1, 'shuffledBatches: count must be a whole number from 1, got 0'],
    [3, 0, 'shuffledBatches: batchSize must be a whole number from 1, got 0'],
    [3, 4, 'shuffledBatches: batchSize must be at most 3, got 4'],
  ])('refuses %i samples in batches of %i', (count, batchSize, message) => {
    expect(() => shuffledBatches(count, { batchSize, take: samples => samples })).toThrow(message)
  })
})
