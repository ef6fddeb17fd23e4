import { normal, type Tensor, tensor } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { generate } from '../generation/generate.ts'
import type { LanguageModel } from '../generation/language-model.ts'
import type { KVCache } from '../layers/kv-cache.ts'
import { GPT2 } from './gpt2.ts'
import { Llama } from './llama.ts'

const most = 80
const gpt2 = { vocabSize: 11, nEmbd: 8, nHead: 2, nLayer: 2, nPositions: most }
const llama = {
  vocabSize: 11,
  hiddenSize: 8,
  numHiddenLayers: 2,
  numAttentionHeads: 4,
  numKeyValueHeads: 2,
  intermediateSize: 12,
  maxPositionEmbeddings: most,
}

const makers: Readonly<Record<string, () => (GPT2 | Llama) & LanguageModel>> = {
  gpt2: () => new GPT2(gpt2, { key: 5 }),
  llama: () => new Llama(llama, { key: 5 }),
  'llama with tied embeddings': () => new Llama({ ...llama, tieWordEmbeddings: true }, { key: 5 }),
  'llama stretched': () => new Llama({ ...llama, ropeScaling: { type: 'ntk', factor: 2 } }, { key: 5 }),
}

/** Weights large enough that what is attended to matters. */
function enlarge(model: GPT2 | Llama): void {
  model.parameters().forEach((p, i) => {
    p.assign(normal(100 + i, p.shape, { std: 0.5 }))
  })
}

const idsOf = (rows: readonly (readonly number[])[]): Tensor =>
  tensor(
    rows.map(row => [...row]),
    { dtype: 'int32' },
  )

async function expectClose(a: Tensor, b: Tensor): Promise<void> {
  const [x, y] = [[...(await a.data())], [...(await b.data())]]
  expect(x.length).toBe(y.length)
  const largest = x.reduce((worst, value, i) => Math.max(worst, Math.abs(value - y[i])), 0)
  expect(largest).toBeLessThan(2e-5)
}

describe.each(Object.keys(makers))('%s', name => {
  const make = () => {
    const model = makers[name]()
    enlarge(model)
    return model
  }
  const text = Array.from({ length: 70 }, (_, i) => (i * i + 3) % 11)

  it('reads a text at once or piece by piece, over a growth of its memory', async () => {
    const model = make()
    const whole = model.forward(idsOf([text]))
    const cache = model.createCache()
    let at = 0
    for (const size of [5, 1, 1, 56, 1, 1, 5]) {
      const logits = model.forward(idsOf([text.slice(at, at + size)]), { cache })
      await expectClose(logits, whole.narrow(1, at, size))
      at += size
    }
    expect(at).toBe(text.length)
    expect(cache.length).toBe(text.length)
  })

  it('looks at nothing ahead', async () => {
    const model = make()
    const [a, b] = [
      [1, 2, 3, 4],
      [1, 2, 9, 10],
    ].map(row => model.forward(idsOf([row])).narrow(1, 0, 2))
    await expectClose(a, b)
  })

  it('reads a padded row as it reads the row alone', async () => {
    const model = make()
    const cache = model.createCache()
    const mask = idsOf([
      [0, 0, 1, 1],
      [1, 1, 1, 1],
    ])
    const both = model.forward(
      idsOf([
        [0, 0, 4, 5],
        [6, 7, 8, 9],
      ]),
      { cache, attentionMask: mask },
    )
    await expectClose(both.select(0, 0).narrow(0, 2, 2), model.forward(idsOf([[4, 5]])).select(0, 0))
    const next = model.forward(idsOf([[1], [2]]), { cache, attentionMask: mask })
    await expectClose(
      next.select(0, 0),
      model
        .forward(idsOf([[4, 5, 1]]))
        .select(0, 0)
        .narrow(0, 2, 1),
    )
    await expectClose(
      next.select(0, 1).narrow(0, 0, 1),
      model
        .forward(idsOf([[6, 7, 8, 9, 2]]))
        .select(0, 0)
        .narrow(0, 4, 1),
    )
  })

  it('goes back, and goes on with other rows', async () => {
    const model = make()
    const cache = model.createCache() as KVCache
    await model
      .forward(
        idsOf([
          [1, 2, 3],
          [4, 5, 6],
        ]),
        { cache },
      )
      .data()
    cache.truncate(2)
    cache.reorder([1, 1, 0])
    const next = model.forward(idsOf([[7], [8], [9]]), { cache })
    const alone = [
      [4, 5, 7],
      [4, 5, 8],
      [1, 2, 9],
    ].map(row =>
      model
        .forward(idsOf([row]))
        .select(0, 0)
        .narrow(0, 2, 1),
    )
    for (const [i, row] of alone.entries()) await expectClose(next.select(0, i), row)
  })

  it('writes the same in a batch as alone', async () => {
    const model = make()
    const rows = [[1, 2, 3], [4], [5, 6]]
    const options = { doSample: false, maxNewTokens: 6 }
    const together = await generate(model, rows, options)
    for (const [i, row] of rows.entries()) {
      const { sequences } = await generate(model, [row], options)
      expect(together.sequences[i]).toEqual(sequences[0])
    }
  })

  it('refuses more tokens than it has places for, and other shapes', () => {
    const model = makers[name]()
    const long = idsOf([Array.from({ length: most + 1 }, () => 0)])
    expect(() => model.forward(long)).toThrow(`forward: length must be at most ${most}, got ${most + 1}`)
    expect(() => model.forward(tensor([1], { dtype: 'int32' }))).toThrow('ids must be [batch, length], got [1]')
    expect(() => model.forward(idsOf([[1]]), { attentionMask: idsOf([[1], [1]]) })).toThrow(
      'attentionMask must be [1, n], got [2, 1]',
    )
  })
})

describe('names', () => {
  it('are those of Hugging Face for GPT-2', () => {
    const names = Object.keys(new GPT2({ ...gpt2, nLayer: 1 }).stateDict()).sort()
    const layer = ['attn.c_attn', 'attn.c_proj', 'ln_1', 'ln_2', 'mlp.c_fc', 'mlp.c_proj']
    const expected = [
      ...layer.flatMap(part => ['bias', 'weight'].map(kind => `transformer.h.0.${part}.${kind}`)),
      'transformer.ln_f.bias',
      'transformer.ln_f.weight',
      'transformer.wpe.weight',
      'transformer.wte.weight',
      'lm_head.weight',
    ].sort()
    expect(names).toEqual(expected)
  })

  it('are those of Hugging Face for Llama', () => {
    const { stateDict } = { stateDict: new Llama({ ...llama, numHiddenLayers: 1 }).stateDict() }
    const layer = 'model.layers.0.'
    expect(Object.fromEntries(Object.entries(stateDict).map(([key, { shape }]) => [key, shape]))).toEqual({
      'model.embed_tokens.weight': [11, 8],
      [`${layer}self_attn.q_proj.weight`]: [8, 8],
      [`${layer}self_attn.k_proj.weight`]: [4, 8],
      [`${layer}self_attn.v_proj.weight`]: [4, 8],
      [`${layer}self_attn.o_proj.weight`]: [8, 8],
      [`${layer}mlp.gate_proj.weight`]: [12, 8],
      [`${layer}mlp.up_proj.weight`]: [12, 8],
      [`${layer}mlp.down_proj.weight`]: [8, 12],
      [`${layer}input_layernorm.weight`]: [8],
      [`${layer}post_attention_layernorm.weight`]: [8],
      'model.norm.weight': [8],
      'lm_head.weight': [11, 8],
    })
  })

  it('count a tied table once', () => {
    const [tied, free] = [true, false].map(tieWordEmbeddings => new Llama({ ...llama, tieWordEmbeddings }))
    const count = (model: Llama) =>
      model.parameters().reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0)
    expect(count(free) - count(tied)).toBe(11 * 8)
    const { 'lm_head.weight': _, ...rest } = tied.stateDict()
    expect(() => tied.loadStateDict(rest)).not.toThrow()
  })
})

describe('sizes', () => {
  it('of the presets are as documented', () => {
    const counts = [GPT2, Llama].map(Model =>
      Object.values(Model.presets).map(config => new Model(config as never).numParameters()),
    )
    expect(counts).toEqual([
      [691_712, 6_967_296, 124_439_808],
      [664_192, 2_557_632, 13_767_552],
    ])
  })

  it.each([
    [() => new GPT2({ ...gpt2, nHead: 3 }), 'GPT2: nHead must divide nEmbd = 8, got 3'],
    [() => new GPT2({ ...gpt2, nLayer: 0 }), 'GPT2: nLayer must be a whole number from 1, got 0'],
    [
      () => new Llama({ ...llama, numKeyValueHeads: 3 }),
      'Llama: numKeyValueHeads must divide numAttentionHeads = 4, got 3',
    ],
    [() => new Llama({ ...llama, numAttentionHeads: 3 }), 'Llama: numAttentionHeads must divide hiddenSize = 8, got 3'],
    [() => new Llama({ ...llama, vocabSize: 1.5 }), 'Llama: vocabSize must be a whole number from 1, got 1.5'],
  ])('are checked', (make, message) => {
    expect(make).toThrow(message)
  })
})
