import { arange, gradients, normal, type Tensor, tensor } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { alibiSlopes } from '../layers/alibi-slopes.ts'
import { KVCache } from '../layers/kv-cache.ts'
import { applyRotaryEmbedding } from '../layers/rotary-embedding.ts'
import { scaledDotProductAttention } from '../layers/scaled-dot-product-attention.ts'
import { harmonicAlibiBias, harmonicNumbers } from './harmonic-bias.ts'
import { RopeAlibiAttention, ropeAlibiAttention } from './rope-alibi.ts'

const [q, k, v] = [normal(1, [2, 4, 5, 6]), normal(2, [2, 4, 7, 6]), normal(3, [2, 4, 7, 3])]
const numbers = (x: Tensor): number[] => Array.from(x.dataSync())

function expectClose(a: Tensor, b: Tensor, digits = 5): void {
  expect(a.shape).toEqual(b.shape)
  const wanted = numbers(b)
  numbers(a).forEach((value, i) => {
    expect(value).toBeCloseTo(wanted[i], digits)
  })
}

describe('harmonicNumbers', () => {
  it('sums 1, 1/2, ... and meets the asymptotic series', () => {
    expect(Array.from(harmonicNumbers(4))).toEqual([0, 1, 1.5, 1.5 + 1 / 3])
    const n = 20_000
    expect(harmonicNumbers(n + 1)[n]).toBeCloseTo(Math.log(n) + 0.5772156649 + 1 / (2 * n), 8)
    expect(harmonicNumbers(2)).toHaveLength(2)
  })
})

describe('harmonicAlibiBias', () => {
  it.each([
    ['geometric', 'linear', (h: number, d: number) => -(2 ** (-4 * (h + 1))) * d],
    ['geometric', 'harmonic', (h: number, d: number) => -(2 ** (-4 * (h + 1))) * harmonicNumbers(9)[d]],
    ['harmonic', 'linear', (h: number, d: number) => -d / (h + 1)],
    ['harmonic', 'harmonic', (h: number, d: number) => -harmonicNumbers(9)[d] / (h + 1)],
  ] as const)('has slopes %s and distances %s', (slopes, distance, at) => {
    const bias = harmonicAlibiBias(2, 2, 4, { slopes, distance })
    const wanted = [0, 1].flatMap(h =>
      [2, 3].flatMap(i => [0, 1, 2, 3].map(j => (j > i ? Number.NEGATIVE_INFINITY : at(h, i - j)))),
    )
    expect(bias.shape).toEqual([2, 2, 4])
    numbers(bias).forEach((value, i) => {
      if (Number.isFinite(wanted[i])) expect(value).toBeCloseTo(wanted[i], 6)
      else expect(value).toBe(wanted[i])
    })
  })

  it('counts later keys as near without a mask', () => {
    expect(numbers(harmonicAlibiBias(1, 1, 1, { causal: false }))[0]).toBeCloseTo(0)
    expect(numbers(harmonicAlibiBias(1, 3, 2, { causal: false, slopes: [2] })).map(x => x + 0)).toEqual([
      0, 0, 0, 0, -2, 0,
    ])
  })

  it('refuses wrong slopes and lengths', () => {
    const bias =
      (slopes: unknown, queries = 2) =>
      () =>
        harmonicAlibiBias(2, queries, 2, { slopes: slopes as never })
    expect(bias([1])).toThrow('harmonicAlibiBias: slopes must be 2 numbers, got [1]')
    expect(bias(tensor([[1, 2]]))).toThrow('harmonicAlibiBias: slopes must be 2 numbers, got [1, 2]')
    expect(bias([1, -1])).toThrow('harmonicAlibiBias: slopes must not be negative')
    expect(bias(tensor([-0.5, 1]))).toThrow('harmonicAlibiBias: slopes must not be negative')
    expect(bias('steep')).toThrow('harmonicAlibiBias: slopes must be one of geometric, harmonic, got steep')
    expect(bias(3)).toThrow('harmonicAlibiBias: slopes must be a name, a list or a tensor, got number 3')
    expect(bias('harmonic', 3)).toThrow('harmonicAlibiBias: query length 3 exceeds key length 2')
    expect(() => harmonicAlibiBias(2, 2, 2, { distance: 'far' as never })).toThrow(
      'harmonicAlibiBias: distance must be one of harmonic, linear, got far',
    )
  })
})

describe('ropeAlibiAttention', () => {
  const rotated = (): Tensor[] => [applyRotaryEmbedding(q, arange(2, 7)), applyRotaryEmbedding(k, arange(7))]

  it('is rotary attention with linear biases for geometric slopes and linear distances', () => {
    const [rq, rk] = rotated()
    const wanted = scaledDotProductAttention(rq, rk, v, { isCausal: true, alibiSlopes: alibiSlopes(4) })
    expectClose(ropeAlibiAttention(q, k, v, { slopes: 'geometric', distance: 'linear' }), wanted)
  })

  it('is rotary attention alone with slopes of 0, in both modes', () => {
    const [rq, rk] = rotated()
    const wanted = scaledDotProductAttention(rq, rk, v, { isCausal: true })
    const slopes = [0, 0, 0, 0]
    expectClose(ropeAlibiAttention(q, k, v, { slopes }), wanted)
    expectClose(ropeAlibiAttention(q, k, v, { slopes, mode: 'multiplicative' }), wanted)
    const open = ropeAlibiAttention(q, k, v, { slopes, mode: 'multiplicative', causal: false })
    expectClose(open, scaledDotProductAttention(rq, rk, v))
  })

  it('divides the scores in the multiplicative mode', () => {
    const [one, other] = [
      tensor([[[[0, 2]]]]),
      tensor([
        [
          [
            [0, 1],
            [0, 0],
          ],
        ],
      ]),
    ]
    const values = tensor([[[[1], [0]]]])
    const got = ropeAlibiAttention(one, other, values, { slopes: [1], mode: 'multiplicative' }).itemSync()
    const score = (2 * Math.cos(1)) / Math.SQRT2 / 2
    expect(got).toBeCloseTo(1 / (1 + Math.exp(-score)), 5)
  })

  it('shares heads of keys', () => {
    const [few, values] = [k.narrow(1, 0, 2), v.narrow(1, 0, 2)]
    const repeated = (x: Tensor): Tensor => x.repeatInterleave(2, { dim: 1 })
    for (const mode of ['additive', 'multiplicative'] as const)
      expectClose(
        ropeAlibiAttention(q, few, values, { mode }),
        ropeAlibiAttention(q, repeated(few), repeated(values), { mode }),
      )
  })

  it('passes gradients to learned slopes: their bias falls by the distance', () => {
    const slopes = tensor([0.1, 0.2, 0.3, 0.4])
    const sum = (list: Tensor): Tensor => ropeAlibiAttention(q, k, v, { slopes: list }).sum()
    const [grad] = gradients(sum(slopes), [slopes])
    const eps = 1e-2
    numbers(grad).forEach((value, h) => {
      const at = (by: number): number =>
        sum(slopes.add(tensor([0, 1, 2, 3].map(i => (i === h ? by : 0))))).itemSync() as number
      expect(value).toBeCloseTo((at(eps) - at(-eps)) / (2 * eps), 2)
    })
  })

  it('refuses what does not fit', () => {
    const odd = normal(1, [1, 1, 2, 3])
    expect(() => ropeAlibiAttention(odd, odd, odd)).toThrow('ropeAlibiAttention: D must be even, got 3')
    expect(() => ropeAlibiAttention(k, q, v)).toThrow('ropeAlibiAttention: query length 7 exceeds key length 5')
    expect(() => ropeAlibiAttention(q, k.narrow(1, 0, 3), v)).toThrow(
      'ropeAlibiAttention: heads of k must divide the 4 of q, got 3',
    )
    expect(() => ropeAlibiAttention(q.select(0, 0), k, v)).toThrow(
      'ropeAlibiAttention: q must be [batch, heads, length, size], got [4, 5, 6]',
    )
    expect(() => ropeAlibiAttention(q, k, v, { mode: 'x' as never })).toThrow(
      'ropeAlibiAttention: mode must be one of additive, multiplicative, got x',
    )
  })
})

describe('RopeAlibiAttention', () => {
  const x = normal(5, [2, 6, 16])

  it.each(['harmonic', 'learned'] as const)('gives a cached step what the whole text gives, slopes %s', slopes => {
    const module = new RopeAlibiAttention({ embedDim: 16, numHeads: 4, numKvHeads: 2, slopes, key: 1 })
    const whole = module.forward(x)
    const cache = new KVCache({ numLayers: 1 })
    expectClose(module.forward(x.narrow(1, 0, 4), cache), whole.narrow(1, 0, 4))
    for (const step of [4, 5]) expectClose(module.forward(x.narrow(1, step, 1), cache), whole.narrow(1, step, 1))
  })

  it('begins to learn from the harmonic slopes', () => {
    const options = { embedDim: 16, numHeads: 4, key: 1 }
    const learned = new RopeAlibiAttention({ ...options, slopes: 'learned' })
    expectClose(learned.forward(x), new RopeAlibiAttention(options).forward(x), 4)
    const [grad] = gradients(learned.forward(x).sum(), [learned.slopeLogits as never])
    expect(numbers(grad).every(value => value !== 0)).toBe(true)
    expect(
      learned
        .namedParameters()
        .map(([name]) => name)
        .sort(),
    ).toEqual(['k_proj.weight', 'o_proj.weight', 'q_proj.weight', 'slope_logits', 'v_proj.weight'])
  })

  it('refuses sizes that do not divide', () => {
    expect(() => new RopeAlibiAttention({ embedDim: 10, numHeads: 4, key: 1 })).toThrow(
      'RopeAlibiAttention: numHeads must divide embedDim and be divided by numKvHeads, got 10, 4 and 4',
    )
  })
})
