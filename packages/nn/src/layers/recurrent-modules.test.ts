import { gradients, normal, type Tensor, zeros } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { gru, lstm } from './recurrent.ts'
import { GRU, LSTM } from './recurrent-modules.ts'

const values = async (t: Tensor): Promise<number[]> => [...(await t.data())]
const near = async (a: Tensor, b: Tensor): Promise<void> => {
  expect(a.shape).toEqual(b.shape)
  const wanted = await values(b)
  ;(await values(a)).forEach((value, i) => {
    expect(value).toBeCloseTo(wanted[i], 5)
  })
}
const x = normal(1, [2, 4, 3])

describe('LSTM', () => {
  it('is named as in PyTorch', () => {
    const state = new LSTM(3, 5, { key: 1, numLayers: 2, bidirectional: true }).stateDict()
    expect(Object.keys(state)).toEqual(
      ['l0', 'l0_reverse', 'l1', 'l1_reverse'].flatMap(end =>
        ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh'].map(name => `${name}_${end}`),
      ),
    )
    expect(state.weight_ih_l0.shape).toEqual([20, 3])
    expect(state.weight_ih_l1.shape).toEqual([20, 10])
    expect(state.weight_hh_l1_reverse.shape).toEqual([20, 5])
  })

  it('begins within 1 / sqrt(hiddenSize), without two weights alike', async () => {
    const state = new LSTM(3, 16, { key: 2, numLayers: 2 }).stateDict()
    const all = (await Promise.all(Object.values(state).map(values))).flat()
    expect(Math.max(...all.map(Math.abs))).toBeLessThanOrEqual(0.25)
    expect(Math.max(...all)).toBeGreaterThan(0.24)
    expect(await values(state.weight_hh_l0)).not.toEqual(await values(state.weight_hh_l1))
  })

  it('stacks layers', async () => {
    const module = new LSTM(3, 5, { key: 3, numLayers: 2 })
    const [h0, c0] = [normal(4, [2, 2, 5]), normal(5, [2, 2, 5])]
    const state = module.stateDict()
    const layer = (input: Tensor, i: number) => {
      const [wi, wh, bi, bh] = ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh'].map(name => state[`${name}_l${i}`])
      return lstm(input, h0.narrow(0, i, 1), c0.narrow(0, i, 1), wi, wh, bi, bh)
    }
    const first = layer(x, 0)
    const second = layer(first.output, 1)
    const { output, hn, cn } = module.forward(x, { h0, c0 })
    await near(output, second.output)
    await near(hn.narrow(0, 0, 1), first.hn)
    await near(hn.narrow(0, 1, 1), second.hn)
    await near(cn.narrow(0, 1, 1), second.cn)
  })

  it('reads backwards in the other direction', async () => {
    const module = new LSTM(3, 5, { key: 6, bidirectional: true })
    const s = module.stateDict()
    const zero = zeros([1, 2, 5])
    const back = lstm(
      x.flip(1),
      zero,
      zero,
      s.weight_ih_l0_reverse,
      s.weight_hh_l0_reverse,
      s.bias_ih_l0_reverse,
      s.bias_hh_l0_reverse,
    )
    const { output, hn } = module.forward(x)
    expect(output.shape).toEqual([2, 4, 10])
    await near(output.narrow(2, 5, 5), back.output.flip(1))
    await near(hn.narrow(0, 1, 1), back.hn)
    // The first token's backward state has seen all tokens: it is the last of that direction.
    await near(output.select(1, 0).narrow(1, 5, 5), hn.select(0, 1))
  })

  it('trains all weights', async () => {
    const module = new LSTM(3, 4, { key: 7, numLayers: 2, bidirectional: true })
    const grads = gradients(module.forward(x).output.square().sum(), module.parameters()) as Tensor[]
    for (const grad of grads) expect((await values(grad)).some(value => value !== 0)).toBe(true)
  })

  it('drops between layers while training alone', async () => {
    const module = new LSTM(3, 5, { key: 8, numLayers: 2, dropout: 0.5 })
    const [a, b, again] = await Promise.all([1, 2, 1].map(key => values(module.forward(x, { key }).output)))
    expect(a).not.toEqual(b)
    expect(a).toEqual(again)
    expect(() => module.forward(x)).toThrow('dropout: key must be given while training, got none')
    module.eval()
    const plain = new LSTM(3, 5, { key: 8, numLayers: 2 })
    await near(module.forward(x).output, plain.forward(x).output)
  })

  it('refuses what does not fit', () => {
    expect(() => new LSTM(0, 5, { key: 1 })).toThrow('LSTM: inputSize must be a whole number from 1, got 0')
    expect(() => new LSTM(3, 5, { key: 1, dropout: 2 })).toThrow('LSTM: dropout must be in [0, 1], got 2')
    const module = new LSTM(3, 5, { key: 1 })
    expect(() => module.forward(x, { c0: zeros([2, 2, 5]) })).toThrow(
      'LSTM.forward: c0 must be [1, 2, 5], got [2, 2, 5]',
    )
    expect(() => module.forward(zeros([4, 3]))).toThrow('LSTM.forward: input must be [batch, length, size], got [4, 3]')
    expect(() => module.forward(zeros([2, 4, 2]))).toThrow('lstm: weightIh must be [20, 2], got [20, 3]')
  })
})

describe('GRU', () => {
  it('is its layer, with biases or without', async () => {
    const h0 = normal(9, [1, 2, 5])
    for (const bias of [true, false]) {
      const module = new GRU(3, 5, { key: 10, bias })
      const s = module.stateDict()
      expect(Object.keys(s)).toHaveLength(bias ? 4 : 2)
      expect(s.weight_ih_l0.shape).toEqual([15, 3])
      const wanted = gru(x, h0, s.weight_ih_l0, s.weight_hh_l0, s.bias_ih_l0 ?? null, s.bias_hh_l0 ?? null)
      const { output, hn } = module.forward(x, { h0 })
      await near(output, wanted.output)
      await near(hn, wanted.hn)
    }
  })

  it('goes on from its states', async () => {
    const module = new GRU(3, 5, { key: 11, numLayers: 2 })
    const whole = module.forward(x)
    const first = module.forward(x.narrow(1, 0, 3))
    const rest = module.forward(x.narrow(1, 3, 1), { h0: first.hn })
    await near(rest.hn, whole.hn)
  })

  it('refuses what does not fit', () => {
    expect(() => new GRU(3, 5, { key: 1, numLayers: 0 })).toThrow('GRU: numLayers must be a whole number from 1, got 0')
    expect(() => new GRU(3, 5, { key: 1 }).forward(x, { h0: zeros([1, 1, 5]) })).toThrow(
      'GRU.forward: h0 must be [1, 2, 5], got [1, 1, 5]',
    )
  })
})
