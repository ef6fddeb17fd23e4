import { SurprisalError, tensor } from '@surprisal/tensor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextTokenProbs, type TokenRules } from './next-token-probs.ts'

const none = tensor([], { shape: [1, 0], dtype: 'int32' })
const probabilities = async (logits: number[], rules: TokenRules, previous = none) => [
  ...(await nextTokenProbs(tensor([logits]), previous, rules).data()),
]
const kept = async (logits: number[], rules: TokenRules) =>
  (await probabilities(logits, rules)).flatMap((p, i) => (p > 0 ? [i] : []))

/** The rules in plain loops. */
function expected(logits: readonly number[], previous: readonly number[], rules: Required<TokenRules>): number[] {
  const { repetitionPenalty, temperature, topK, topP, minP, minTokensToKeep } = rules
  let x = logits.map(l => l)
  for (const id of new Set(previous)) x[id] = x[id] < 0 ? x[id] * repetitionPenalty : x[id] / repetitionPenalty
  x = x.map(l => l / temperature)
  const softmax = () => {
    const top = Math.max(...x)
    const weights = x.map(l => Math.exp(l - top))
    const sum = weights.reduce((a, b) => a + b)
    return weights.map(w => w / sum)
  }
  const keep = Math.min(minTokensToKeep, x.length)
  if (topK > 0 && topK < x.length) {
    const last = [...x].sort((a, b) => b - a)[Math.max(topK, keep) - 1]
    x = x.map(l => (l < last ? Number.NEGATIVE_INFINITY : l))
  }
  if (topP < 1) {
    const p = softmax()
    const order = x.map((_, i) => i).sort((a, b) => x[a] - x[b] || a - b)
    let sum = 0
    order.slice(0, x.length - keep).forEach(i => {
      sum += p[i]
      if (sum <= 1 - topP) x[i] = Number.NEGATIVE_INFINITY
    })
  }
  if (minP > 0) {
    const p = softmax()
    const bound = minP * Math.max(...p)
    const last = [...p].sort((a, b) => b - a)[keep - 1]
    x = x.map((l, i) => (p[i] < bound && p[i] < last ? Number.NEGATIVE_INFINITY : l))
  }
  return softmax()
}

describe('nextTokenProbs', () => {
  it('is a softmax without rules', async () => {
    const [a, b] = await probabilities([0, Math.log(3)], {})
    expect(a).toBeCloseTo(0.25, 6)
    expect(b).toBeCloseTo(0.75, 6)
  })

  it('keeps the k largest and what equals the last of them', async () => {
    expect(await kept([1, 3, 2, 3, 0], { topK: 2 })).toEqual([1, 3])
    expect(await kept([1, 2, 2, 3, 0], { topK: 2 })).toEqual([1, 2, 3])
    expect(await kept([1, 2], { topK: 5 })).toEqual([0, 1])
  })

  it('keeps the likeliest tokens of a nucleus, one at least', async () => {
    const logits = [0.1, 0.2, 0.3, 0.4].map(Math.log)
    expect(await kept(logits, { topP: 0.65 })).toEqual([2, 3])
    expect(await kept(logits, { topP: 0.01 })).toEqual([3])
    expect(await kept(logits, { topP: 0.01, minTokensToKeep: 3 })).toEqual([1, 2, 3])
  })

  it('drops what is small beside the largest', async () => {
    const logits = [0.1, 0.2, 0.3, 0.4].map(Math.log)
    expect(await kept(logits, { minP: 0.6 })).toEqual([2, 3])
    expect(await kept(logits, { minP: 1, minTokensToKeep: 2 })).toEqual([2, 3])
  })

  it('penalises what was seen once, however often', async () => {
    const previous = tensor([[0, 0, 2]], { dtype: 'int32' })
    const [a, b, c] = await probabilities([2, 1, -1], { repetitionPenalty: 2 }, previous)
    expect(Math.log(a / b)).toBeCloseTo(0, 5)
    expect(Math.log(b / c)).toBeCloseTo(3, 5)
  })

  it('agrees with plain loops for any rules', async () => {
    const program = fc.record({
      // Apart enough that rounding does not decide.
      logits: fc
        .uniqueArray(fc.integer({ min: -40, max: 40 }), { minLength: 2, maxLength: 9 })
        .map(l => l.map(v => v / 8)),
      seen: fc.array(fc.nat(1), { maxLength: 3 }),
      repetitionPenalty: fc.constantFrom(1, 1.37),
      temperature: fc.constantFrom(1, 0.73),
      topK: fc.nat(4),
      topP: fc.constantFrom(1, 0.8123, 0.3217),
      minP: fc.constantFrom(0, 0.1371),
      minTokensToKeep: fc.integer({ min: 1, max: 3 }),
    })
    await fc.assert(
      fc.asyncProperty(program, async ({ logits, seen, ...rules }) => {
        const previous = tensor(seen, { shape: [1, seen.length], dtype: 'int32' })
        const got = await probabilities(logits, rules, previous)
        expected(logits, seen, rules).forEach((p, i) => {
          expect(got[i]).toBeCloseTo(p, 5)
        })
      }),
      { seed: 3, numRuns: 200 },
    )
  })

  it.each<[TokenRules, string]>([
    [{ temperature: 0 }, 'temperature must be above 0 (greedy is doSample: false), got 0'],
    [{ temperature: Number.NaN }, 'temperature must be above 0 (greedy is doSample: false), got NaN'],
    [{ repetitionPenalty: 0 }, 'repetitionPenalty must be above 0, got 0'],
    [{ topP: 0 }, 'topP must be in (0, 1], got 0'],
    [{ minP: -1 }, 'minP must be in [0, 1], got -1'],
    [{ topK: 1.5 }, 'topK must be a whole number from 0, got 1.5'],
    [{ minTokensToKeep: 0 }, 'minTokensToKeep must be a whole number from 1, got 0'],
  ])('refuses %j', (rules, message) => {
    expect(() => nextTokenProbs(tensor([[1, 2]]), none, rules)).toThrow(
      new SurprisalError('argument', `nextTokenProbs: ${message}`),
    )
  })

  it('refuses other shapes', () => {
    expect(() => nextTokenProbs(tensor([1, 2]), none)).toThrow('logits must be [batch, vocabulary], got [2]')
    expect(() => nextTokenProbs(tensor([[1], [2]]), none)).toThrow('previousIds must be [2, n], got [1, 0]')
  })
})
