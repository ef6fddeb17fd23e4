import { log, tensor } from '@surprisal/tensor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { beamSearchMarkov } from './beam-search-markov.ts'
import { Beams, type Hypothesis } from './beams.ts'

const [bosTokenId, eosTokenId] = [0, 1]

/** Every sequence that ends or reaches the limit, by its score. */
function bestOfAll(rows: readonly (readonly number[])[], most: number, lengthPenalty: number): Hypothesis {
  const all: Hypothesis[] = []
  const visit = (tokens: readonly number[], last: number, sum: number): void => {
    rows[last].forEach((p, token) => {
      const next = { tokens: [...tokens, token], sum: sum + Math.log(p) }
      const length = next.tokens.length
      if (token === eosTokenId || length === most) all.push({ ...next, score: next.sum / length ** lengthPenalty })
      else visit(next.tokens, token, next.sum)
    })
  }
  visit([], bosTokenId, 0)
  return all.reduce((a, b) => (b.score > a.score ? b : a))
}

const chance = fc.integer({ min: 1, max: 1000 })
const rowsOf = (size: number) =>
  fc
    .array(fc.array(chance, { minLength: size, maxLength: size }), { minLength: size, maxLength: size })
    .map(rows => rows.map(row => row.map(p => p / row.reduce((a, b) => a + b))))

describe('beamSearchMarkov', () => {
  it('finds the best of all sequences when no beam is dropped', async () => {
    await fc.assert(
      fc.asyncProperty(rowsOf(3), fc.integer({ min: 1, max: 4 }), async (rows, maxNewTokens) => {
        // No length penalty: a running sum can only fall, so that stopping early loses nothing.
        const options = { bosTokenId, eosTokenId, numBeams: 81, maxNewTokens, lengthPenalty: 0 }
        const { sequence, score } = await beamSearchMarkov(log(tensor(rows)), options)
        const best = bestOfAll(rows, maxNewTokens, 0)
        expect(score).toBeCloseTo(best.score, 4)
        expect((await sequence.data())[0]).toBe(bosTokenId)
      }),
      { seed: 1, numRuns: 60 },
    )
  })

  it('is greedy with one beam', async () => {
    const rows = [
      [0.1, 0.2, 0.7],
      [0.3, 0.3, 0.4],
      [0.5, 0.4, 0.1],
    ]
    const options = { bosTokenId, eosTokenId, numBeams: 1, maxNewTokens: 4 }
    const { sequence } = await beamSearchMarkov(log(tensor(rows)), options)
    expect([...(await sequence.data())]).toEqual([0, 2, 0, 2, 0])
  })

  it('prefers the lower token among equals', async () => {
    const options = { bosTokenId, eosTokenId: 3, numBeams: 2, maxNewTokens: 2 }
    const { sequence } = await beamSearchMarkov(tensor(new Float32Array(16), { shape: [4, 4] }), options)
    expect([...(await sequence.data())]).toEqual([0, 0, 0])
  })

  it.each([
    [{ numBeams: 0 }, 'beamSearchMarkov: numBeams must be a whole number from 1, got 0'],
    [{ maxNewTokens: 0 }, 'beamSearchMarkov: maxNewTokens must be a whole number from 1, got 0'],
    [{ lengthPenalty: Number.NaN }, 'beamSearchMarkov: lengthPenalty must be finite, got NaN'],
    [{ eosTokenId: 2 }, 'beamSearchMarkov: eosTokenId must be below 2, got 2'],
  ])('refuses %j', (wrong, message) => {
    const options = { bosTokenId, eosTokenId, numBeams: 2, maxNewTokens: 2, ...wrong }
    expect(() =>
      beamSearchMarkov(
        tensor([
          [0, 0],
          [0, 0],
        ]),
        options,
      ),
    ).toThrow(message)
  })

  it('refuses what is not square', () => {
    const options = { bosTokenId, eosTokenId, numBeams: 2, maxNewTokens: 2 }
    expect(() => beamSearchMarkov(tensor([[0, 0]]), options)).toThrow('transitionLogits must be [V, V], got [1, 2]')
  })
})

describe('Beams', () => {
  const rules = { numBeams: 2, maxNewTokens: 10, lengthPenalty: 1, eosTokenIds: [9] }

  it('says which beams go on, and lets an end take no place of theirs', () => {
    const beams = new Beams(rules)
    const first = [
      { beam: 0, token: 9, logProb: -0.5 },
      { beam: 0, token: 3, logProb: -1 },
      { beam: 0, token: 4, logProb: -2 },
    ]
    expect(beams.advance(first)).toEqual([0, 0])
    expect(beams.running.map(({ tokens }) => tokens)).toEqual([[3], [4]])
    const second = [
      { beam: 0, token: 5, logProb: -3 },
      { beam: 1, token: 6, logProb: -0.1 },
      { beam: 1, token: 7, logProb: -0.2 },
    ]
    expect(beams.advance(second)).toEqual([1, 1])
    expect(beams.best()).toEqual({ tokens: [9], score: -0.5 })
  })

  it('ignores ends that rank behind all beams', () => {
    const beams = new Beams(rules)
    beams.advance([
      { beam: 0, token: 1, logProb: -1 },
      { beam: 0, token: 2, logProb: -2 },
      { beam: 0, token: 9, logProb: -3 },
    ])
    expect(beams.best()).toEqual({ tokens: [1], score: -1 })
  })

  it('stops when nothing that runs can win', () => {
    const beams = new Beams({ ...rules, numBeams: 1 })
    beams.advance([
      { beam: 0, token: 9, logProb: -1 },
      { beam: 0, token: 1, logProb: -2 },
    ])
    expect(beams.isDone).toBe(true)
  })
})
