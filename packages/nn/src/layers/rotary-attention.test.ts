import { arange, gradients, normal, type Tensor, tensor, zeros } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { KVCache } from './kv-cache.ts'
import { RotaryAttention } from './rotary-attention.ts'

const values = async (t: Tensor): Promise<number[]> => [...(await t.data())]
const near = async (a: Tensor, b: Tensor): Promise<void> => {
  expect(a.shape).toEqual(b.shape)
  const wanted = await values(b)
  ;(await values(a)).forEach((value, i) => {
    expect(value).toBeCloseTo(wanted[i], 5)
  })
}
const sizes = { embedDim: 8, numHeads: 4, numKvHeads: 2, key: 1 }
const x = normal(2, [2, 6, 8])

describe('RotaryAttention', () => {
  it('has the names and shapes of Llama', () => {
    const state = new RotaryAttention({ ...sizes, headDim: 6 }).stateDict()
    expect(Object.fromEntries(Object.entries(state).map(([name, t]) => [name, t.shape]))).toEqual({
      'q_proj.weight': [24, 8],
      'k_proj.weight': [12, 8],
      'v_proj.weight': [12, 8],
      'o_proj.weight': [8, 24],
    })
    expect(Object.keys(new RotaryAttention({ ...sizes, bias: true }).stateDict())).toHaveLength(8)
  })

  it('gives with a cache what it gives without', async () => {
    const module = new RotaryAttention({ ...sizes, logitSoftcap: 2, rotary: { layout: 'interleaved' } })
    const cache = new KVCache({ numLayers: 2, chunk: 4 })
    const whole = module.forward(x)
    for (const [start, length] of [
      [0, 3],
      [3, 1],
      [4, 2],
    ])
      for (const layer of [0, 1])
        await near(module.forward(x.narrow(1, start, length), { cache, layer }), whole.narrow(1, start, length))
    expect(cache.length).toBe(6)
  })

  it('depends on how far tokens are apart, not on where they are', async () => {
    const module = new RotaryAttention(sizes)
    await near(module.forward(x, { positions: arange(100, 106) }), module.forward(x))
    const apart = module.forward(x, { positions: tensor([0, 1, 2, 3, 4, 9], { dtype: 'int32' }) })
    expect(await values(apart)).not.toEqual(await values(module.forward(x)))
  })

  it('sees no later tokens unless told to', async () => {
    const other = x.narrow(1, 0, 5).cat(normal(3, [2, 1, 8]), { dim: 1 })
    const causal = new RotaryAttention(sizes)
    const first = (t: Tensor) => t.narrow(1, 0, 5)
    expect(await values(first(causal.forward(other)))).toEqual(await values(first(causal.forward(x))))
    const both = new RotaryAttention({ ...sizes, isCausal: false })
    expect(await values(first(both.forward(other)))).not.toEqual(await values(first(both.forward(x))))
    // A mask that hides the last token from the others makes up for it.
    const attnMask = arange(6).less(arange(1, 7).unsqueeze(1))
    await near(both.forward(x, { attnMask }), causal.forward(x))
  })

  it('trains all weights', async () => {
    const module = new RotaryAttention({ ...sizes, bias: true })
    const names = module.namedParameters().map(([name]) => name)
    const grads = gradients(module.forward(x).square().sum(), module.parameters()) as Tensor[]
    for (const [i, grad] of grads.entries())
      expect([names[i], (await values(grad)).some(value => value !== 0)]).toEqual([names[i], true])
  })

  it('refuses what does not fit', () => {
    const make = (changes: object) => () => new RotaryAttention({ ...sizes, ...changes })
    expect(make({ numHeads: 3 })).toThrow('RotaryAttention: numHeads must divide embedDim = 8, got 3')
    expect(make({ numKvHeads: 3 })).toThrow('RotaryAttention: numKvHeads must divide numHeads = 4, got 3')
    expect(make({ embedDim: 0 })).toThrow('RotaryAttention: embedDim must be a whole number from 1, got 0')
    expect(() => make({})().forward(zeros([6, 8]))).toThrow(
      'RotaryAttention.forward: x must be [batch, length, size], got [6, 8]',
    )
  })
})
