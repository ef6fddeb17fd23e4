import { afterEach, describe, expect, it } from 'vitest'
import { setLoopLimits } from '../runtime.ts'
import { fuzz } from './__fixtures__/programs.ts'

/*
 * The engine against the oracle on 2,000 random graphs of fixed seeds; `pnpm test:fuzz` runs any number of others. A
 * failure prints the smallest program that shows it.
 */
describe('random graphs', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('agree with the oracle, seed %i', async seed => {
    let programs = 0
    let explained = 0
    const failure = await fuzz({
      runs: 250,
      seed,
      onProgram: (_, { perturbedRuns }) => {
        programs += 1
        if (perturbedRuns > 0) explained += 1
      },
    })
    expect(failure, failure ?? '').toBeNull()
    expect(programs).toBe(250)
    // Most graphs must agree in the last digits, or else the comparison would have lost its teeth.
    expect(explained).toBeLessThan(0.25 * programs)
  })
})

describe('random graphs in which nearly every value counts as large', () => {
  afterEach(() => setLoopLimits(null))

  it.each([11, 12])('agree with the oracle, computed by loops over blocks of rows, seed %i', async seed => {
    setLoopLimits({ largeBytes: 8, blockBytes: 64, fewestRows: 1 })
    const failure = await fuzz({ runs: 250, seed })
    expect(failure, failure ?? '').toBeNull()
  })
})
