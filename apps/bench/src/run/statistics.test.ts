import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { summarize } from './statistics.ts'

const times = fc.array(fc.double({ min: 0.001, max: 1000, noNaN: true }), { minLength: 1, maxLength: 40 })

describe('summarize', () => {
  it('gives least, middle and the distance of the quartiles', () => {
    expect(summarize([4, 1, 2, 3, 5])).toEqual({ minimum: 1, median: 3, spread: 2 / 3, runs: 5 })
  })

  it('takes the mean of the two in the middle', () => {
    expect(summarize([1, 2, 4, 8]).median).toBe(3)
  })

  it('has no spread for one run', () => {
    expect(summarize([7])).toEqual({ minimum: 7, median: 7, spread: 0, runs: 1 })
  })

  it('does not depend on the order and lies between the ends', () => {
    fc.assert(
      fc.property(times, list => {
        const summary = summarize(list)
        expect(summarize([...list].reverse())).toEqual(summary)
        expect(summary.minimum).toBe(Math.min(...list))
        expect(summary.median).toBeGreaterThanOrEqual(summary.minimum)
        expect(summary.median).toBeLessThanOrEqual(Math.max(...list))
        expect(summary.spread).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  it('keeps the spread and scales the times when all times are doubled', () => {
    fc.assert(
      fc.property(times, list => {
        const [once, twice] = [summarize(list), summarize(list.map(time => 2 * time))]
        expect(twice.median).toBeCloseTo(2 * once.median, 9)
        expect(twice.spread).toBeCloseTo(once.spread, 9)
      }),
    )
  })

  it('refuses an empty list', () => {
    expect(() => summarize([])).toThrow('summarize: times must not be empty')
  })
})
