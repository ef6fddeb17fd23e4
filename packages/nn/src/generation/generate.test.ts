import { describe, expect, it } from 'vitest'
import { MarkovModel } from './__fixtures__/markov-model.ts'
import { type GenerateOptions, generate, generateStream } from './generate.ts'

/** 0 -> 1 -> 2 -> 3 -> 0, a little uncertain. */
const cycle = () =>
  new MarkovModel(
    Array.from({ length: 4 }, (_, i) => Array.from({ length: 4 }, (_, j) => (j === (i + 1) % 4 ? 0.7 : 0.1))),
  )
const greedy = { doSample: false }

describe('generate', () => {
  it('goes on from each prompt, and reads each token once', async () => {
    const model = cycle()
    const { sequences, finishReasons } = await generate(
      model,
      [
        [0, 1],
        [3, 2],
      ],
      { ...greedy, maxNewTokens: 3 },
    )
    expect(sequences).toEqual([
      [2, 3, 0],
      [3, 0, 1],
    ])
    expect(finishReasons).toEqual(['length', 'length'])
    expect(model.calls).toEqual([
      { shape: [2, 2], cached: 0, mask: null },
      { shape: [2, 1], cached: 2, mask: null },
      { shape: [2, 1], cached: 3, mask: null },
    ])
  })

  it('pads shorter prompts on the left, and says so', async () => {
    const model = cycle()
    const { sequences } = await generate(model, [[0], [1, 2, 3]], { ...greedy, maxNewTokens: 2 })
    expect(sequences).toEqual([
      [1, 2],
      [0, 1],
    ])
    expect(model.calls.map(({ mask }) => mask)).toEqual([
      [0, 0, 1, 1, 1, 1],
      [0, 0, 1, 1, 1, 1],
    ])
  })

  it('ends each row by itself and fills it up', async () => {
    const tokens: (readonly number[])[] = []
    const { sequences, finishReasons } = await generate(cycle(), [[1], [3]], {
      ...greedy,
      maxNewTokens: 4,
      eosTokenId: 3,
      padTokenId: 2,
      onToken: step => tokens.push(step.tokens),
    })
    expect(sequences).toEqual([
      [2, 3],
      [0, 1, 2, 3],
    ])
    expect(finishReasons).toEqual(['eos', 'eos'])
    expect(tokens.map(([first]) => first)).toEqual([2, 3, 2, 2])
  })

  it('ends by any of several tokens, not before its least length', async () => {
    const options = { ...greedy, maxNewTokens: 6, eosTokenId: [2, 3] }
    expect((await generate(cycle(), [[0]], options)).sequences).toEqual([[1, 2]])
    const { sequences } = await generate(cycle(), [[0]], { ...options, minNewTokens: 3 })
    expect(sequences[0].length).toBeGreaterThan(3)
    expect(sequences[0].slice(0, 3)).not.toContain(2)
  })

  it('ends where a text is written', async () => {
    const decode = (ids: readonly number[]) => ids.map(id => 'abcd'[id]).join('')
    const { sequences, finishReasons } = await generate(cycle(), [[0]], {
      ...greedy,
      maxNewTokens: 9,
      stopStrings: ['da'],
      decode,
    })
    expect(decode(sequences[0])).toBe('bcda')
    expect(finishReasons).toEqual(['stop'])
  })

  it('writes no n-gram twice', async () => {
    const { sequences } = await generate(cycle(), [[0, 1]], { ...greedy, maxNewTokens: 8, noRepeatNgramSize: 2 })
    const all = [0, 1, ...sequences[0]]
    const pairs = all.slice(1).map((token, i) => `${all[i]} ${token}`)
    expect(new Set(pairs).size).toBe(pairs.length)
    expect(all.slice(0, 5)).toEqual([0, 1, 2, 3, 0])
  })

  it('draws by probability, the same with the same seed', async () => {
    const draw = (seed: number) =>
      generate(
        cycle(),
        Array.from({ length: 40 }, () => [0]),
        { seed, maxNewTokens: 20 },
      )
    const [a, b, c] = await Promise.all([draw(1), draw(1), draw(2)])
    expect(a).toEqual(b)
    expect(a).not.toEqual(c)
    const steps = a.sequences.flatMap(row => row.map((token, i) => (token - (i ? row[i - 1] : 0) + 4) % 4))
    const share = steps.filter(step => step === 1).length / steps.length
    expect(share).toBeGreaterThan(0.63)
    expect(share).toBeLessThan(0.77)
  })

  it('obeys the rules of the next token', async () => {
    const { sequences } = await generate(cycle(), [[0]], { seed: 3, topK: 1, maxNewTokens: 5 })
    expect(sequences).toEqual([[1, 2, 3, 0, 1]])
    const penalised = await generate(cycle(), [[0, 1]], { ...greedy, repetitionPenalty: 1e-3, maxNewTokens: 1 })
    expect(penalised.sequences[0]).not.toEqual([])
  })

  it('gives each step as it is made, and can be left', async () => {
    const model = cycle()
    const seen: number[] = []
    for await (const { step, tokens } of generateStream(model, [[0]], { ...greedy, maxNewTokens: 50 })) {
      seen.push(...tokens)
      if (step === 2) break
    }
    expect(seen).toEqual([1, 2, 3])
    expect(model.calls).toHaveLength(3)
  })

  it('stops when it is told to and keeps what it has', async () => {
    const stop = new AbortController()
    const { sequences, finishReasons } = await generate(cycle(), [[0]], {
      ...greedy,
      signal: stop.signal,
      onToken: ({ step }) => step === 1 && stop.abort(),
    })
    expect(sequences).toEqual([[1, 2]])
    expect(finishReasons).toEqual(['abort'])
    const never = await generate(cycle(), [[0]], { signal: AbortSignal.abort() })
    expect(never).toEqual({ sequences: [[]], finishReasons: ['abort'] })
  })

  it.each<[GenerateOptions, string]>([
    [{ maxNewTokens: -1 }, 'generate: maxNewTokens must be a whole number from 0, got -1'],
    [{ temperature: 0 }, 'generate: temperature must be above 0 (greedy is doSample: false), got 0'],
    [{ stopStrings: ['x'] }, 'generate: stopStrings need decode, which makes text of tokens'],
    [{ eosTokenId: 1.5 }, 'generate: eosTokenId must be a whole number from 0, got 1.5'],
  ])('refuses %j at the call', (options, message) => {
    expect(() => generate(cycle(), [[0]], options)).toThrow(message)
  })

  it('refuses prompts that are none at the call', () => {
    expect(() => generate(cycle(), [])).toThrow('generate: prompts must not be empty')
    expect(() => generate(cycle(), [[0], []])).toThrow('generate: prompt 1 must have a token to go on from, got none')
    expect(() => generateStream(cycle(), [[-1]])).toThrow('generateStream: prompt 0 must hold token ids, got -1')
  })
})
