import fc from 'fast-check'
import { expect, it } from 'vitest'
import { runningMean } from './running-mean.ts'

it('follows the recurrence with its start corrected', () => {
  const [first, second, third] = runningMean([4, 2, 0], 0.5)
  expect(first).toBe(4)
  expect(second).toBeCloseTo((0.25 * 4 + 0.5 * 2) / 0.75, 12)
  expect(third).toBeCloseTo((0.125 * 4 + 0.25 * 2) / 0.875, 12)
})

it('stays between the smallest and the largest value so far', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true })), values => {
      runningMean(values).forEach((mean, i) => {
        const soFar = values.slice(0, i + 1)
        expect(mean).toBeGreaterThanOrEqual(Math.min(...soFar) - 1e-6)
        expect(mean).toBeLessThanOrEqual(Math.max(...soFar) + 1e-6)
      })
    }),
  )
})
