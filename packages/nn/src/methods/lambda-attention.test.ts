import { arange, gradients, normal, type Tensor, tensor } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { applyRotaryEmbedding } from '../layers/rotary-embedding.ts'
import { scaledDotProductAttention } from '../layers/scaled-dot-product-attention.ts'
import { type LambdaAttentionOptions, lambdaAttention, lambdaMask } from './lambda-attention.ts'

const make = (length: number, heads = 2): [Tensor, Tensor, Tensor] => [
  normal(1, [2, 2, length, 4]),
  normal(2, [2, heads, length, 4]),
  normal(3, [2, heads, length, 3]),
]

function expectClose(a: Tensor, b: Tensor, digits = 4): void {
  expect(a.shape).toEqual(b.shape)
  const wanted = b.dataSync()
  a.dataSync().forEach((value, i) => {
    expect(value).toBeCloseTo(wanted[i], digits)
  })
}

/** The definition by plain loops. */
function byLoops([q, k, v]: Tensor[], options: LambdaAttentionOptions): number[] {
  const { globalTokens = 10, localTokens, limitDistance = localTokens, positional = 'rope', alibiSlopes } = options
  const { middleTopK = 0, middleDistance = Math.max(1, Math.floor(limitDistance / 2)) } = options
  const [batch, heads, queries, size] = q.shape
  const [, kvHeads, keys] = k.shape
  const dv = v.shape[3]
  const [qs, ks, vs] = [q, k, v].map(x => x.dataSync())
  const out: number[] = []
  const half = size / 2
  for (let b = 0; b < batch; b++)
    for (let h = 0; h < heads; h++)
      for (let i = 0; i < queries; i++) {
        const place = i + keys - queries
        const kvHead = b * kvHeads + Math.floor(h / (heads / kvHeads))
        const score = (j: number, distance: number): number => {
          const at = (b * heads + h) * queries * size + i * size
          const to = (kvHead * keys + j) * size
          let sum = 0
          for (let r = 0; r < half; r++) {
            const angle = positional === 'rope' ? distance * 10000 ** ((-2 * r) / size) : 0
            const [x, y] = [qs[at + r], qs[at + r + half]]
            sum += (x * Math.cos(angle) - y * Math.sin(angle)) * ks[to + r]
            sum += (y * Math.cos(angle) + x * Math.sin(angle)) * ks[to + r + half]
          }
          const slope = positional === 'alibi' ? (alibiSlopes as number[])[h] : 0
          return sum / Math.sqrt(size) - slope * distance
        }
        const seen: [number, number][] = []
        const between: [number, number][] = []
        for (let j = 0; j <= place; j++)
          if (j < globalTokens || place - j < localTokens) seen.push([j, score(j, Math.min(place - j, limitDistance))])
          else if (i === queries - 1) between.push([j, score(j, middleDistance)])
        between.sort((x, y) => y[1] - x[1])
        seen.push(...between.slice(0, middleTopK))
        const weights = seen.map(([, value]) => Math.exp(value))
        const total = weights.reduce((x, y) => x + y, 0)
        for (let d = 0; d < dv; d++)
          out.push(seen.reduce((sum, [j], n) => sum + (weights[n] / total) * vs[(kvHead * keys + j) * dv + d], 0))
      }
  return out
}

const check = (inputs: Tensor[], options: LambdaAttentionOptions): void => {
  const own = lambdaAttention(inputs[0], inputs[1], inputs[2], options).dataSync()
  byLoops(inputs, options).forEach((value, i) => {
    expect(own[i]).toBeCloseTo(value, 4)
  })
}

describe('lambdaMask', () => {
  it('shows the first tokens and the window of the last queries', () => {
    const rows = (queries: number, keys: number) =>
      Array.from(lambdaMask(queries, keys, { globalTokens: 1, localTokens: 2 }).dataSync()).join('')
    expect(rows(4, 4)).toBe('1000110011101011')
    expect(rows(2, 5)).toBe('1011010011')
  })

  it.each([
    [{ localTokens: 0 }, 'lambdaMask: localTokens must be a whole number from 1, got 0'],
    [{ localTokens: 1, globalTokens: -1 }, 'lambdaMask: globalTokens must be a whole number from 0, got -1'],
  ])('refuses %j', (window, message) => {
    expect(() => lambdaMask(2, 2, window)).toThrow(message)
  })

  it('refuses more queries than keys', () => {
    expect(() => lambdaMask(3, 2, { localTokens: 1 })).toThrow(
      'lambdaMask: queryLength must be at most keyLength 2, got 3',
    )
  })
})

describe('lambdaAttention', () => {
  it.each([
    { localTokens: 3, globalTokens: 2 },
    { localTokens: 3, globalTokens: 0 },
    { localTokens: 3, globalTokens: 2, limitDistance: 2 },
    { localTokens: 3, globalTokens: 5, limitDistance: 6 },
    { localTokens: 2, globalTokens: 1, positional: 'alibi' as const, alibiSlopes: [0.5, 0.25] },
    { localTokens: 4, globalTokens: 1, limitDistance: 3, positional: 'alibi' as const, alibiSlopes: [0.5, 0.25] },
    { localTokens: 4, globalTokens: 3, positional: 'none' as const },
    { localTokens: 1, globalTokens: 0 },
    { localTokens: 3, globalTokens: 2, middleTopK: 2 },
    { localTokens: 3, globalTokens: 1, middleTopK: 50, middleDistance: 5 },
  ])('is the definition, whole, by blocks and for the last queries: %j', options => {
    for (const length of [5, 6, 13, 14]) {
      const [q, k, v] = make(length)
      check([q, k, v], options)
      check([q.narrow(2, length - 2, 2), k, v], options)
      check([q.narrow(2, length - 1, 1), k, v], options)
    }
  })

  it('shares heads of keys', () => {
    for (const length of [5, 13]) check(make(length, 1), { localTokens: 3, globalTokens: 2 })
  })

  it('is plain rotary attention for texts within the window', () => {
    const [q, k, v] = make(9)
    const turned = [q, k].map(x => applyRotaryEmbedding(x, arange(9)))
    const plain = scaledDotProductAttention(turned[0], turned[1], v, { isCausal: true })
    for (const globalTokens of [0, 4]) expectClose(lambdaAttention(q, k, v, { localTokens: 9, globalTokens }), plain, 5)
  })

  it('has the gradients of the dense form by blocks', () => {
    const [q, k, v] = make(11)
    const options = { localTokens: 3, globalTokens: 2 }
    const keyPositions = Int32Array.from({ length: 11 }, (_, i) => i)
    const sums = [options, { ...options, keyPositions }].map(each => lambdaAttention(q, k, v, each).square().sum())
    const [blocks, dense] = sums.map(sum => gradients(sum, [q, k, v]))
    blocks.forEach((grad, i) => {
      expectClose(grad, dense[i])
    })
  })

  it('knows places far along a text as well as near ones', () => {
    const [q, k, v] = make(8)
    const options = { localTokens: 6, globalTokens: 2 }
    const at = (start: number): Tensor =>
      lambdaAttention(q.narrow(2, 7, 1), k, v, {
        ...options,
        keyPositions: Int32Array.of(0, 1, start, start + 1, start + 2, start + 3, start + 4, start + 5),
      })
    expectClose(at(1_000_000), at(10), 6)
  })

  const [q, k, v] = make(4)
  it.each([
    [{ localTokens: 0 }, 'localTokens must be a whole number from 1, got 0'],
    [{ localTokens: 1, globalTokens: -1 }, 'globalTokens must be a whole number from 0, got -1'],
    [{ localTokens: 1, limitDistance: 0 }, 'limitDistance must be a whole number from 1, got 0'],
    [{ localTokens: 1, positional: 'alibi' }, 'alibiSlopes must be 2 numbers with alibi, got none'],
    [{ localTokens: 1, positional: 'alibi', alibiSlopes: [1] }, 'alibiSlopes must be 2 numbers with alibi, got [1]'],
    [{ localTokens: 1, positional: 'learned' }, 'positional must be one of rope, alibi, none, got learned'],
    [{ localTokens: 1, keyPositions: Int32Array.of(1) }, 'keyPositions must be 4, got 1'],
  ])('refuses %j', (options, message) => {
    expect(() => lambdaAttention(q, k, v, options as never)).toThrow(`lambdaAttention: ${message}`)
  })

  it('refuses shapes that do not fit', () => {
    const attend =
      (...inputs: [Tensor, Tensor, Tensor]) =>
      () =>
        lambdaAttention(...inputs, { localTokens: 2 })
    expect(attend(q, k.narrow(2, 0, 3), v.narrow(2, 0, 3))).toThrow('queryLength must be at most keyLength 3, got 4')
    expect(attend(q, normal(1, [2, 3, 4, 4]), v)).toThrow('heads of key must divide the 2 of query, got 3')
    expect(attend(q, k, v.narrow(2, 0, 3))).toThrow(
      'key and value must fit query [2, 2, 4, 4], got [2, 2, 4, 4] and [2, 2, 3, 3]',
    )
    expect(attend(tensor([1]), k, v)).toThrow('query must be [batch, heads, length, size], got [1]')
    const odd = normal(1, [1, 1, 2, 3])
    expect(attend(odd, odd, odd)).toThrow('lambdaAttention: D must be even with rope, got 3')
  })
})
