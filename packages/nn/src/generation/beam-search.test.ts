import { log, tensor } from '@surprisal/tensor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MarkovModel } from './__fixtures__/markov-model.ts'
import { beamSearch } from './beam-search.ts'
import { beamSearchMarkov } from './beam-search-markov.ts'

describe('beamSearch', () => {
  it('finds what the search over the chain itself finds', async () => {
    const chance = fc.integer({ min: 1, max: 1000 })
    const row = fc.array(chance, { minLength: 5, maxLength: 5 }).map(ps => ps.map(p => p / ps.reduce((a, b) => a + b)))
    const program = fc.record({
      rows: fc.array(row, { minLength: 5, maxLength: 5 }),
      numBeams: fc.integer({ min: 1, max: 3 }),
      maxNewTokens: fc.integer({ min: 1, max: 6 }),
      lengthPenalty: fc.constantFrom(0, 1, 2),
    })
    await fc.assert(
      fc.asyncProperty(program, async ({ rows, ...rules }) => {
        const model = new MarkovModel(rows)
        const found = await beamSearch(model, [2, 0], { ...rules, eosTokenId: 1 })
        const own = await beamSearchMarkov(log(tensor(rows)), { ...rules, bosTokenId: 0, eosTokenId: 1 })
        expect([0, ...found.sequence]).toEqual([...(await own.sequence.data())])
        expect(found.score).toBeCloseTo(own.score, 5)
        for (const order of model.orders) expect(Math.max(...order)).toBeLessThan(rules.numBeams)
      }),
      { seed: 2, numRuns: 60 },
    )
  })

  it('reads the prompt once and each token once', async () => {
    const model = new MarkovModel([
      [0.6, 0.4],
      [0.3, 0.7],
    ])
    await beamSearch(model, [0, 1, 0], { numBeams: 2, maxNewTokens: 3 })
    expect(model.calls.map(({ shape, cached }) => [shape, cached])).toEqual([
      [[1, 3], 0],
      [[2, 1], 3],
      [[2, 1], 4],
    ])
  })

  it('returns the best so far when it is stopped', async () => {
    const model = new MarkovModel([
      [0.5, 0.5],
      [0.5, 0.5],
    ])
    expect(await beamSearch(model, [0], { signal: AbortSignal.abort() })).toEqual({
      sequence: [],
      score: 0,
    })
  })

  it('refuses wrong options and prompts at the call', () => {
    const model = new MarkovModel([[1]])
    expect(() => beamSearch(model, [0], { numBeams: 0 })).toThrow(
      'beamSearch: numBeams must be a whole number from 1, got 0',
    )
    expect(() => beamSearch(model, [])).toThrow('beamSearch: prompt 0 must have a token to go on from, got none')
  })
})
