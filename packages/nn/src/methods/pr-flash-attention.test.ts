import { arange, gradients, normal, type Tensor, tensor, where } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { scaledDotProductAttention } from '../layers/scaled-dot-product-attention.ts'
import { drawnPairs, participationOf } from './block-participation.ts'
import { PrFlashAttention, type PrFlashOptions, prFlashAttention, prFlashStats } from './pr-flash-attention.ts'

const length = 11
const [q, k, v] = [normal(1, [2, 2, length, 4]), normal(2, [2, 2, length, 4]), normal(3, [2, 2, length, 3])]
const everything = { blockSize: 3, localBlocks: 4, key: 0 }

function expectClose(a: Tensor, b: Tensor): void {
  expect(a.shape).toEqual(b.shape)
  const wanted = b.dataSync()
  a.dataSync().forEach((value, i) => {
    expect(value).toBeCloseTo(wanted[i], 4)
  })
}

/** Attention over N x N scores with a mask and weights by pairs of places. */
function dense(options: PrFlashOptions, takes: (i: number, j: number) => boolean): Tensor {
  const { causal = true, importance = false, blockSize = 3 } = options
  const probabilities = participationOf('f', Math.ceil(length / blockSize), options)
  const bias = Array.from({ length: length ** 2 }, (_, at) => {
    const [row, column] = [Math.floor(at / length), at % length]
    const [i, j] = [row, column].map(place => Math.floor(place / blockSize))
    if ((causal && column > row) || !takes(i, j)) return Number.NEGATIVE_INFINITY
    return importance ? -Math.log(probabilities[Math.abs(i - j)]) : 0
  })
  const attnMask = tensor(bias).reshape([length, length])
  return scaledDotProductAttention(q, k, v, { attnMask })
}

describe('prFlashAttention', () => {
  it.each([true, false])('is exact attention when every block takes part, with gradients; causal %s', causal => {
    const own = prFlashAttention(q, k, v, { ...everything, causal })
    const exact = scaledDotProductAttention(q, k, v, { isCausal: causal })
    expectClose(own, exact)
    const weight = normal(4, own.shape)
    const [a, b] = [own, exact].map(x => gradients(x.mul(weight).sum(), [q, k, v]))
    a.forEach((grad, i) => {
      expectClose(grad, b[i])
    })
  })

  it.each([
    { causal: true },
    { causal: false },
    { causal: true, importance: true },
    { causal: false, importance: true, distribution: 'geometric' as const },
  ])('is dense attention over the blocks of the distances drawn: %j', options => {
    const uniforms = [0.9, 0.9, 0.1, 0.2]
    const given = { ...options, blockSize: 3, uniforms }
    const probabilities = participationOf('f', 4, options)
    const wanted = dense(given, (i, j) => uniforms[Math.abs(i - j)] < probabilities[Math.abs(i - j)])
    const own = prFlashAttention(q, k, v, given)
    expectClose(own, wanted)
    const [a, b] = [own, wanted].map(x => gradients(x.square().sum(), [q, k, v]))
    a.forEach((grad, i) => {
      expectClose(grad, b[i])
    })
  })

  it.each([true, false])('is dense attention over the pairs of blocks drawn; causal %s', causal => {
    for (const key of [1, 2, 3]) {
      const options = { causal, share: 'block', key, blockSize: 3, importance: key === 3 } as const
      const pairs = drawnPairs('f', participationOf('f', 4, {}), options)
      expectClose(
        prFlashAttention(q, k, v, options),
        dense(options, (i, j) => pairs[i * 4 + j] === 1),
      )
    }
  })

  it('takes a scale, blocks longer than the text, and large scores', () => {
    const exact = scaledDotProductAttention(q, k, v, { isCausal: true, scale: 2 })
    expectClose(prFlashAttention(q, k, v, { key: 1, scale: 2 }), exact)
    const far = prFlashAttention(q.mul(1e3), k.mul(1e3), v, everything)
    expect(far.dataSync().every(Number.isFinite)).toBe(true)
  })

  it('keeps later blocks out of earlier rows', () => {
    const late = arange(length).greaterEqual(8).reshape([length, 1])
    const other = where(late, 100, k)
    const options = { blockSize: 3, key: 4 }
    const [a, b] = [k, other].map(keys => prFlashAttention(q, keys, v, options).narrow(2, 0, 8))
    expectClose(a, b)
  })

  it('refuses what does not fit', () => {
    expect(() => prFlashAttention(q, k.narrow(2, 0, 5), v, everything)).toThrow(
      'prFlashAttention: k and v must have the length and heads of q [2, 2, 11, 4], got [2, 2, 5, 4] and [2, 2, 11, 3]',
    )
    expect(() => prFlashAttention(q, k, v, { ...everything, blockSize: 0 })).toThrow(
      'prFlashAttention: blockSize must be a whole number from 1, got 0',
    )
    expect(() => prFlashAttention(q, k, v, { blockSize: 3 })).toThrow(
      'prFlashAttention: options must have uniforms or a key',
    )
    expect(() => prFlashAttention(q, k, v, { blockSize: 3, uniforms: [0] })).toThrow(
      'prFlashAttention: uniforms must be 4 numbers in [0, 1], got 1',
    )
    expect(() => prFlashAttention(q, k, v, { key: 1, localBlocks: 0 })).toThrow(
      'the diagonal block must always take part',
    )
    expect(() => prFlashAttention(q, k, v, { key: 1, share: 'row' as never })).toThrow(
      'prFlashAttention: share must be one of distance, block, got row',
    )
    expect(() => prFlashAttention(q.select(0, 0), k, v, everything)).toThrow(
      'prFlashAttention: q must be [batch, heads, length, size], got [2, 11, 4]',
    )
  })
})

describe('prFlashStats', () => {
  it('gives what can be pooled: the quotient is the attention', () => {
    const options = { blockSize: 3, key: 2, importance: true }
    const { numerator, denominator, rowMax } = prFlashStats(q, k, v, options)
    expect([numerator.shape, denominator.shape, rowMax.shape]).toEqual([
      [2, 2, 11, 3],
      [2, 2, 11],
      [2, 2, 11],
    ])
    expectClose(numerator.div(denominator.unsqueeze(-1)), prFlashAttention(q, k, v, options))
    expect(denominator.dataSync().every(sum => sum >= 1)).toBe(true)
  })
})

describe('PrFlashAttention', () => {
  const x = normal(9, [2, length, 8])
  const options = { embedDim: 8, numHeads: 2, blockSize: 2, key: 1 }

  it('draws by its key in training, and is exact in evaluation', () => {
    const module = new PrFlashAttention(options)
    const at = (key: number): number[] => Array.from(module.forward(x, { key }).dataSync())
    expect(at(1)).toEqual(at(1))
    expect(new Set([1, 2, 3, 4, 5, 6].map(key => at(key).join())).size).toBeGreaterThan(1)
    expect(() => module.forward(x)).toThrow('prFlashAttention: options must have uniforms or a key')
    module.eval()
    const exact = module.forward(x)
    const all = new PrFlashAttention({ ...options, localBlocks: 6 })
    expectClose(all.forward(x, { key: 1 }), exact)
    expect(Object.keys(module.stateDict()).sort()).toEqual([
      'in_proj.bias',
      'in_proj.weight',
      'out_proj.bias',
      'out_proj.weight',
    ])
  })

  it('takes near blocks, or a draw, in evaluation where asked for', () => {
    const top = new PrFlashAttention({ ...options, evalMode: 'expected-top' }).eval()
    // 1 + 1/2 + ... + 1/6 = 2.45, so the distances 0, 1 and 2.
    const near = new PrFlashAttention({ ...options, localBlocks: 3, distribution: 'geometric', parameter: 1e-9 })
    expectClose(top.forward(x), near.forward(x, { key: 3 }))
    const sampled = new PrFlashAttention({ ...options, evalMode: 'sample' })
    const trained = sampled.forward(x, { key: 5 })
    expectClose(sampled.eval().forward(x, { key: 5 }), trained)
  })

  it.each([
    [{ numHeads: 3 }, 'PrFlashAttention: numHeads must divide embedDim, got 8 and 3'],
    [{ evalMode: 'x' as never }, 'PrFlashAttention: evalMode must be one of exact, expected-top, sample, got x'],
    [{ localBlocks: 0 }, 'PrFlashAttention: localBlocks must be at least 1'],
  ])('refuses %j', (wrong, message) => {
    expect(() => new PrFlashAttention({ ...options, ...wrong })).toThrow(message)
  })
})
