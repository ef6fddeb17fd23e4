import { cat, explain, full, gradients, normal, Parameter, type Tensor, tensor } from '@surprisal/tensor'
import { gradcheck } from '@surprisal/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { alibiSlopes } from './alibi-slopes.ts'
import { type AttentionOptions, scaledDotProductAttention } from './scaled-dot-product-attention.ts'

const draw = (key: number, shape: number[]): Tensor => normal(key, shape)
const infinity = Number.POSITIVE_INFINITY

/** Attention of one query after the other, in plain numbers. */
async function expected(q: Tensor, k: Tensor, v: Tensor, options: AttentionOptions): Promise<number[]> {
  const [batch, heads, queries, size] = q.shape
  const [, kvHeads, keys] = k.shape
  const width = v.shape[3]
  const [qs, ks, vs] = [await q.data(), await k.data(), await v.data()]
  const { isCausal, causalAlignment = 'bottom-right', logitSoftcap, scale = 1 / Math.sqrt(size) } = options
  const slopes = options.alibiSlopes ? [...(await (options.alibiSlopes as Tensor).data())] : null
  const out: number[] = []
  for (let b = 0; b < batch; b++)
    for (let h = 0; h < heads; h++)
      for (let i = 0; i < queries; i++) {
        const kv = b * kvHeads + Math.floor(h / (heads / kvHeads))
        const place = causalAlignment === 'top-left' ? i : i + keys - queries
        const scores = Array.from({ length: keys }, (_, j) => {
          let s = 0
          for (let d = 0; d < size; d++)
            s += qs[((b * heads + h) * queries + i) * size + d] * ks[(kv * keys + j) * size + d]
          s *= scale
          if (logitSoftcap) s = logitSoftcap * Math.tanh(s / logitSoftcap)
          if (slopes) s += slopes[h] * (j - place)
          return isCausal && j > place ? -infinity : s
        })
        const top = Math.max(...scores)
        const weights = scores.map(s => (top === -infinity ? 0 : Math.exp(s - top)))
        const sum = weights.reduce((a, w) => a + w, 0) || 1
        for (let d = 0; d < width; d++)
          out.push(weights.reduce((a, w, j) => a + w * vs[(kv * keys + j) * width + d], 0) / sum)
      }
  return out
}

describe('scaledDotProductAttention', () => {
  it('agrees with plain loops for any options', async () => {
    const program = fc.record({
      batch: fc.integer({ min: 1, max: 2 }),
      groups: fc.integer({ min: 1, max: 3 }),
      kvHeads: fc.integer({ min: 1, max: 2 }),
      queries: fc.integer({ min: 1, max: 5 }),
      keys: fc.integer({ min: 1, max: 5 }),
      isCausal: fc.boolean(),
      causalAlignment: fc.constantFrom('bottom-right' as const, 'top-left' as const),
      hasSlopes: fc.boolean(),
      logitSoftcap: fc.constantFrom(null, 1.5),
      scale: fc.constantFrom(undefined, 0.3),
    })
    await fc.assert(
      fc.asyncProperty(program, async ({ batch, groups, kvHeads, queries, keys, hasSlopes, scale, ...rest }) => {
        const heads = groups * kvHeads
        const q = draw(1, [batch, heads, queries, 4])
        const [k, v] = [draw(2, [batch, kvHeads, keys, 4]), draw(3, [batch, kvHeads, keys, 3])]
        const options: AttentionOptions = { ...rest, enableGqa: true, ...(scale !== undefined && { scale }) }
        if (hasSlopes) options.alibiSlopes = alibiSlopes(heads)
        const got = await scaledDotProductAttention(q, k, v, options).data()
        const wanted = await expected(q, k, v, options)
        expect(got.length).toBe(wanted.length)
        for (const [i, value] of wanted.entries()) expect(got[i]).toBeCloseTo(value, 4)
      }),
      { seed: 4, numRuns: 80 },
    )
  })

  const [q, k, v] = [draw(4, [1, 2, 3, 4]), draw(5, [1, 2, 3, 4]), draw(6, [1, 2, 3, 4])]
  const allowed = [true, false, true, true, true, false, false, false, true]
  const mask = tensor(allowed.map(Number), { shape: [3, 3], dtype: 'bool' })

  it('reads a mask of bool and one of float alike', async () => {
    const added = tensor(
      allowed.map(may => (may ? 0 : -infinity)),
      { shape: [3, 3] },
    )
    const [a, b] = [mask, added].map(attnMask => scaledDotProductAttention(q, k, v, { attnMask }))
    expect(await a.data()).toEqual(await b.data())
  })

  it('gives zeros and no gradient where there is nothing to attend to', async () => {
    const none = tensor([1, 1, 1, 0, 0, 0, 1, 1, 1], { shape: [3, 3], dtype: 'bool' })
    const out = scaledDotProductAttention(q, k, v, { attnMask: none })
    const grads = gradients(out.square().sum(), [q, k, v]) as Tensor[]
    expect([...(await out.narrow(2, 1, 1).data())]).toEqual(Array.from({ length: 8 }, () => 0))
    expect([...(await grads[0].narrow(2, 1, 1).data())]).toEqual(Array.from({ length: 8 }, () => 0))
    for (const grad of grads) expect([...(await grad.data())].every(Number.isFinite)).toBe(true)
  })

  it('ignores keys behind keyLength, as if they were not there', async () => {
    const [more, moreValues] = [k, v].map((x, i) => cat([x, full([1, 2, 2, 4], 9 + i)], { dim: 2 }))
    const keyLength = tensor([3], { dtype: 'int32' })
    const options = { isCausal: true, alibiSlopes: alibiSlopes(2) }
    const got = scaledDotProductAttention(q, more, moreValues, { ...options, keyLength })
    const own = scaledDotProductAttention(q, k, v, options)
    const [x, y] = [[...(await got.data())], [...(await own.data())]]
    for (const [i, value] of y.entries()) expect(x[i]).toBeCloseTo(value, 5)
  })

  it('drops weights by a key, the same with the same one', async () => {
    const drop = (seed: number) => scaledDotProductAttention(q, k, v, { dropoutP: 0.5, seed }).data()
    expect(await drop(1)).toEqual(await drop(1))
    expect(await drop(1)).not.toEqual(await drop(2))
  })

  it.each<[string, AttentionOptions]>([
    ['plain', {}],
    ['causal', { isCausal: true }],
    ['masked', { attnMask: mask }],
    ['capped and with slopes', { isCausal: true, logitSoftcap: 2, alibiSlopes: [0.5, 0.25] }],
  ])('has the right gradient: %s', (_, options) => {
    gradcheck((a, b, c) => scaledDotProductAttention(a, b, c, options), [q, k, v])
  })

  it('has the right gradient where heads are shared', () => {
    const shared = [draw(7, [1, 1, 3, 4]), draw(8, [1, 1, 3, 2])]
    gradcheck((a, b, c) => scaledDotProductAttention(a, b, c, { enableGqa: true }), [q, ...shared])
  })

  it.each<[() => unknown, string]>([
    [
      () => scaledDotProductAttention(draw(1, [2, 3, 4]), k, v),
      'query must be [batch, heads, length, size], got [2, 3, 4]',
    ],
    [
      () => scaledDotProductAttention(q, draw(1, [1, 2, 3, 5]), v),
      'key must be [1, heads, length, 4], got [1, 2, 3, 5]',
    ],
    [() => scaledDotProductAttention(q, k, draw(1, [1, 2, 4, 4])), 'value must be [1, 2, 3, size], got [1, 2, 4, 4]'],
    [() => scaledDotProductAttention(draw(1, [1, 4, 3, 4]), k, v), 'heads of key must be the 4 of query, got 2'],
    [
      () => scaledDotProductAttention(draw(1, [1, 3, 3, 4]), k, v, { enableGqa: true }),
      'heads of key must divide the 3 of query, got 2',
    ],
    [
      () => scaledDotProductAttention(q, k, v, { attnMask: draw(1, [2, 2]) }),
      'attnMask must broadcast to [1, 2, 3, 3], got [2, 2]',
    ],
    [() => scaledDotProductAttention(q, k, v, { logitSoftcap: -1 }), 'logitSoftcap must be above 0, got -1'],
    [() => scaledDotProductAttention(q, k, v, { alibiSlopes: [1] }), 'alibiSlopes must have shape [2], got [1]'],
    [
      () => scaledDotProductAttention(q, k, v, { causalAlignment: 'left' as never }),
      'causalAlignment must be bottom-right or top-left, got left',
    ],
    [
      () => scaledDotProductAttention(q, k, v, { dropoutP: 0.5 }),
      'dropout: key must be given while training, got none',
    ],
  ])('refuses what does not fit', (call, message) => {
    expect(call).toThrow(message)
  })
})

describe('alibiSlopes', () => {
  it('is geometric for powers of two, and interleaved between them', async () => {
    expect([...(await alibiSlopes(4).data())]).toEqual([0.25, 0.0625, 0.015625, 0.00390625])
    expect([...(await alibiSlopes(3).data())]).toEqual([0.0625, 0.00390625, 0.25])
    expect([...(await alibiSlopes(1).data())]).toEqual([0.00390625])
  })

  it('refuses what is no number of heads', () => {
    expect(() => alibiSlopes(0)).toThrow('alibiSlopes: numHeads must be a whole number from 1, got 0')
  })
})

describe('memory of attention', () => {
  /** Bytes of what is neither given nor asked for, forward and with gradients. */
  const bytesAt = (length: number): number[] => {
    const [q, k, v] = [8, 2, 2].map((heads, i) => new Parameter(draw(i, [1, heads, length, 32])))
    const options = { enableGqa: true, isCausal: true, alibiSlopes: alibiSlopes(8), logitSoftcap: 20 }
    const out = scaledDotProductAttention(q, k, v, options)
    const grads = gradients(out.square().sum(), [q, k, v]) as Tensor[]
    return [explain(out), explain(out, ...grads)].map(({ temporaryBytes }) => temporaryBytes)
  }

  it('grows with the length, not with its square, with every option at once', () => {
    const [half, whole] = [bytesAt(1024), bytesAt(2048)]
    const scores = 8 * 2048 * 2048 * 4
    for (const [i, bytes] of whole.entries()) {
      expect(bytes).toBeLessThan(scores / 8)
      expect(bytes).toBeLessThan(2.1 * half[i])
    }
  })
})
