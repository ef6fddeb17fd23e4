import { gradients, randint, type Tensor } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { KVCache } from '../layers/kv-cache.ts'
import { Llama } from '../models/llama.ts'
import { convertToLmInfinite, diagnose } from './lm-infinite.ts'

const config = {
  vocabSize: 20,
  hiddenSize: 16,
  numHiddenLayers: 2,
  numAttentionHeads: 4,
  numKeyValueHeads: 2,
  intermediateSize: 24,
  maxPositionEmbeddings: 12,
}
const base = new Llama(config, { key: 3 })
const ids = randint(5, [2, 40], 0, 20)

function expectClose(a: Tensor, b: Tensor): void {
  expect(a.shape).toEqual(b.shape)
  const wanted = b.dataSync()
  a.dataSync().forEach((value, i) => {
    expect(value).toBeCloseTo(wanted[i], 5)
  })
}

describe('convertToLmInfinite', () => {
  it('is the model itself on texts that this can read', () => {
    const short = ids.narrow(1, 0, 12)
    expectClose(convertToLmInfinite(base).forward(short), base.forward(short))
    expect(convertToLmInfinite(base).options).toEqual({
      globalTokens: 10,
      localTokens: 12,
      limitDistance: 12,
      middleTopK: 0,
      middleFromLayer: 5,
    })
  })

  it('reads on where the model cannot, in steps as at once, and keeps a constant number of keys', () => {
    expect(() => base.forward(ids)).toThrow('length must be at most 12, got 40')
    const model = convertToLmInfinite(base, { globalTokens: 2 })
    const whole = model.forward(ids)
    const cache = model.createCache()
    expectClose(model.forward(ids.narrow(1, 0, 25), { cache }), whole.narrow(1, 0, 25))
    for (let at = 25; at < 40; at++) {
      expectClose(model.forward(ids.narrow(1, at, 1), { cache }), whole.narrow(1, at, 1))
      for (const tensor of cache.tensors()) expect(tensor.shape[2]).toBe(14)
    }
    expect(cache.length).toBe(40)
    cache.reorder([1, 1])
    const [first, second] = model.forward(ids.narrow(1, 0, 1).narrow(0, 0, 1).expand([2, 1]), { cache }).unbind()
    expectClose(first, second)
  })

  it('looks between from a layer on where asked to', () => {
    const plain = convertToLmInfinite(base, { globalTokens: 2 }).forward(ids)
    const at = (middleFromLayer: number) => {
      const model = convertToLmInfinite(base, { globalTokens: 2, middleTopK: 3, middleFromLayer })
      return { model, logits: model.forward(ids) }
    }
    expectClose(at(2).logits, plain)
    const { model, logits } = at(1)
    expectClose(logits.narrow(1, 0, 39), plain.narrow(1, 0, 39))
    expect(logits.select(1, 39).sub(plain.select(1, 39)).abs().max().itemSync()).toBeGreaterThan(1e-6)
    const cache = model.createCache()
    model.forward(ids.narrow(1, 0, 39), { cache })
    expectClose(model.forward(ids.narrow(1, 39, 1), { cache }), logits.narrow(1, 39, 1))
  })

  it('shares the weights, which can be trained further', () => {
    const model = convertToLmInfinite(base)
    expect(model.parameters()).toEqual(base.parameters())
    const grads = gradients(model.forward(ids).square().mean(), model.parameters(), { allowUnused: true })
    expect(grads.every(grad => grad !== null && Number.isFinite(grad.sum().itemSync()))).toBe(true)
  })

  it('refuses models, options and inputs that do not fit', () => {
    expect(() => convertToLmInfinite({} as never)).toThrow(
      'convertToLmInfinite: model must have relative positions (a Llama), got Object',
    )
    const scaled = new Llama({ ...config, ropeScaling: { type: 'linear', factor: 2 } })
    expect(() => convertToLmInfinite(scaled)).toThrow('convertToLmInfinite: model must have no ropeScaling, got linear')
    expect(() => convertToLmInfinite(base, { localTokens: 0 })).toThrow(
      'convertToLmInfinite: localTokens must be a whole number from 1, got 0',
    )
    expect(() => convertToLmInfinite(base, { limitDistance: 0 })).toThrow('limitDistance must be a whole number from 1')
    const model = convertToLmInfinite(base)
    expect(() => model.forward(ids.select(0, 0))).toThrow('LmInfinite.forward: ids must be [batch, length], got [40]')
    expect(() => model.forward(ids, { attentionMask: ids })).toThrow('attentionMask must be left out (no padding)')
    expect(() => model.forward(ids, { cache: new KVCache({ numLayers: 2 }) })).toThrow(
      'LmInfinite.forward: cache must be a LambdaKVCache, got another one',
    )
  })
})

describe('diagnose', () => {
  it('tells scores, entropy and the weight of the first tokens by layer and place', async () => {
    const plain = await diagnose(base, ids, { buckets: 4, startTokens: 2 })
    expect(plain.entropy.map(list => list.length)).toEqual([4, 4])
    // Weights of a model that has learned nothing are nearly even.
    const even = (rows: number[]): number => rows.reduce((sum, n) => sum + Math.log(n), 0) / rows.length
    expect(plain.entropy[0][3]).toBeCloseTo(even([31, 32, 33, 34, 35, 36, 37, 38, 39, 40]), 2)
    expect(plain.startMass[0][3]).toBeCloseTo(2 / 35.5, 2)
    expect(Math.max(...plain.maxLogit.flat())).toBeLessThan(1)
    const limited = await diagnose(convertToLmInfinite(base, { globalTokens: 2, localTokens: 6 }), ids, { buckets: 4 })
    expect(limited.entropy[0][3]).toBeCloseTo(Math.log(8), 2)
    expect(limited.startMass[0][3]).toBeCloseTo(2 / 8, 2)
  })

  it('refuses no bucket', async () => {
    await expect(diagnose(base, ids, { buckets: 0 })).rejects.toThrow(
      'diagnose: buckets must be a whole number from 1, got 0',
    )
  })
})
