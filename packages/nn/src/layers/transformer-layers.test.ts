import { gelu, gradients, normal, relu, silu, type Tensor, tensor, zeros } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { TransformerDecoderLayer, TransformerEncoderLayer } from './transformer-layers.ts'

const values = async (t: Tensor): Promise<number[]> => [...(await t.data())]
const near = async (a: Tensor, b: Tensor): Promise<void> => {
  expect(a.shape).toEqual(b.shape)
  const wanted = await values(b)
  ;(await values(a)).forEach((value, i) => {
    expect(value).toBeCloseTo(wanted[i], 5)
  })
}
const options = { key: 1, dimFeedforward: 6, dropout: 0 } as const
const x = normal(2, [2, 5, 4])
const memory = normal(3, [2, 3, 4])
const ends = (name: string) => [`${name}.weight`, `${name}.bias`]
const attentionNames = (name: string) => [`${name}.in_proj_weight`, `${name}.in_proj_bias`, ...ends(`${name}.out_proj`)]

describe('TransformerEncoderLayer', () => {
  it('has the names of PyTorch', () => {
    expect(Object.keys(new TransformerEncoderLayer(4, 2, options).stateDict())).toEqual([
      ...attentionNames('self_attn'),
      ...['linear1', 'linear2', 'norm1', 'norm2'].flatMap(ends),
    ])
  })

  it.each(['relu', 'gelu', 'swiglu'] as const)('puts norms behind or before its branches, with %s', async kind => {
    const between = (y: Tensor): Tensor => {
      if (kind === 'relu') return relu(y)
      if (kind === 'gelu') return gelu(y)
      return silu(y.narrow(-1, 0, 6)).mul(y.narrow(-1, 6, 6))
    }
    for (const normFirst of [false, true]) {
      const layer = new TransformerEncoderLayer(4, 2, { ...options, normFirst, activation: kind })
      const { selfAttn, linear1, linear2, norm1, norm2 } = layer
      norm2.weight.assign(normal(5, [4]))
      const mix = (y: Tensor) => selfAttn.forward(y, y, y).output
      const feed = (y: Tensor) => linear2.forward(between(linear1.forward(y)))
      const [first, last] = [norm1, norm2].map(norm => (y: Tensor) => norm.forward(y))
      const behind = () => {
        const y = first(x.add(mix(x)))
        return last(y.add(feed(y)))
      }
      const before = () => {
        const y = x.add(mix(first(x)))
        return y.add(feed(last(y)))
      }
      await near(layer.forward(x), normFirst ? before() : behind())
    }
  })

  it('hides what its masks hide', async () => {
    const layer = new TransformerEncoderLayer(4, 2, options)
    const padded = tensor([0, 0, 0, 1, 1, 0, 0, 0, 1, 1], { shape: [2, 5], dtype: 'bool' })
    const short = layer.forward(x.narrow(1, 0, 3))
    await near(layer.forward(x, { keyPaddingMask: padded }).narrow(1, 0, 3), short)
    await near(
      layer.forward(x, { isCausal: true }).narrow(1, 0, 3),
      layer.forward(x.narrow(1, 0, 3), { isCausal: true }),
    )
  })

  it('drops by its key while training, and not in evaluation', async () => {
    const layer = new TransformerEncoderLayer(4, 2, { ...options, dropout: 0.5 })
    const [a, b, again] = await Promise.all([1, 2, 1].map(key => values(layer.forward(x, { key }))))
    expect(a).not.toEqual(b)
    expect(a).toEqual(again)
    expect(() => layer.forward(x)).toThrow('dropout: key must be given while training, got none')
    layer.eval()
    await near(layer.forward(x), new TransformerEncoderLayer(4, 2, options).forward(x))
  })

  it('refuses what does not fit', () => {
    const make = (changes: object) => () => new TransformerEncoderLayer(4, 2, { ...options, ...changes })
    expect(make({ activation: 'tanh' })).toThrow(
      'TransformerEncoderLayer: activation must be one of relu, gelu, swiglu, got tanh',
    )
    expect(make({ dropout: -1 })).toThrow('TransformerEncoderLayer: dropout must be in [0, 1], got -1')
    expect(() => new TransformerEncoderLayer(4, 3, options)).toThrow('numHeads must divide embedDim = 4, got 3')
    expect(() => make({})().forward(zeros([5, 4]))).toThrow('query must be [batch, length, size], got [5, 4]')
  })
})

describe('TransformerDecoderLayer', () => {
  it('has the names of PyTorch', () => {
    expect(Object.keys(new TransformerDecoderLayer(4, 2, options).stateDict())).toEqual([
      ...attentionNames('self_attn'),
      ...attentionNames('multihead_attn'),
      ...['linear1', 'linear2', 'norm1', 'norm2', 'norm3'].flatMap(ends),
    ])
  })

  it('reads its memory between its own tokens and the feed-forward branch', async () => {
    const layer = new TransformerDecoderLayer(4, 2, options)
    const { selfAttn, multiheadAttn, linear1, linear2, norm1, norm2, norm3 } = layer
    const own = norm1.forward(x.add(selfAttn.forward(x, x, x, { isCausal: true }).output))
    const informed = norm2.forward(own.add(multiheadAttn.forward(own, memory, memory).output))
    const wanted = norm3.forward(informed.add(linear2.forward(relu(linear1.forward(informed)))))
    await near(layer.forward(x, memory, { isCausal: true }), wanted)
  })

  it('hides parts of its memory', async () => {
    const layer = new TransformerDecoderLayer(4, 2, { ...options, normFirst: true })
    const short = layer.forward(x, memory.narrow(1, 0, 2))
    const padded = tensor([0, 0, 1, 0, 0, 1], { shape: [2, 3], dtype: 'bool' })
    await near(layer.forward(x, memory, { memoryKeyPaddingMask: padded }), short)
    const memoryMask = padded.select(0, 0).unsqueeze(0).broadcastTo([5, 3])
    await near(layer.forward(x, memory, { memoryMask }), short)
  })

  it('trains all weights', async () => {
    const layer = new TransformerDecoderLayer(4, 2, { ...options, dropout: 0.2 })
    const loss = layer
      .forward(x, memory, { key: 3 })
      .mul(normal(9, [2, 5, 4]))
      .sum()
    const names = layer.namedParameters().map(([name]) => name)
    for (const [i, grad] of (gradients(loss, layer.parameters()) as Tensor[]).entries())
      expect([names[i], (await values(grad)).some(value => value !== 0)]).toEqual([names[i], true])
  })
})
