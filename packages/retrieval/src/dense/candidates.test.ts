import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Candidates } from './candidates.ts'

fc.configureGlobal({ seed: 1 })

const best = (scores: readonly number[], k: number): number[] =>
  scores
    .map((_, row) => row)
    .sort((a, b) => scores[b] - scores[a] || a - b)
    .slice(0, k)

describe('Candidates', () => {
  it('finds the best by any bounds, however few undecided rows there is room for', () => {
    const scores = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 80 })
    const errors = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 80, maxLength: 80 })
    const k = fc.integer({ min: 1, max: 12 })
    const capacity = fc.integer({ min: 1, max: 30 })
    fc.assert(
      fc.property(scores, errors, k, capacity, (values, error, wanted, room) => {
        const candidates = new Candidates(wanted, row => values[row], room)
        for (const [row, value] of values.entries()) {
          // Bounds that lie to either side, or are exact.
          const [lower, upper] = [value - error[row], value + error[(row * 7) % 80]]
          if (upper > candidates.threshold) candidates.add(row, lower, upper)
        }
        const { rows, scores: found } = candidates.take()
        expect([...rows]).toEqual(best(values, wanted))
        expect([...found]).toEqual([...rows].map(row => values[row]))
      }),
      { numRuns: 300 },
    )
  })

  it('scores only what later rows have not ruled out', () => {
    const scored: number[] = []
    const candidates = new Candidates(1, row => scored.push(row))
    candidates.add(0, 0.9, 1.1)
    candidates.add(1, 2.9, 3.1)
    candidates.add(2, 2.8, 3.0)
    expect(candidates.threshold).toBe(2.9)
    candidates.take()
    expect(scored).toEqual([1, 2])
  })

  it('keeps an earlier row whose score may round to the same', () => {
    const candidates = new Candidates(1, row => [1, 1 + 1e-12][row])
    candidates.add(0, 1, 1)
    candidates.add(1, 1 + 1e-12, 1 + 1e-12)
    expect([...candidates.take().rows]).toEqual([0])
  })

  it('takes bounds that say nothing', () => {
    const candidates = new Candidates(2, row => -row, 4)
    for (let row = 0; row < 50; row++) candidates.add(row, -Infinity, Infinity)
    expect([...candidates.take().rows]).toEqual([0, 1])
  })

  it('rounds scores to float32', () => {
    const candidates = new Candidates(1, () => 0.1)
    candidates.add(3, 0, 1)
    expect([...candidates.take().scores]).toEqual([Math.fround(0.1)])
  })
})
