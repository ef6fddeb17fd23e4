import { type Tensor, tensor } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { writeSafetensors } from '../checkpoint/write-safetensors.ts'
import { Bert } from './bert.ts'
import { createModel, type ModelConfigs, runModel } from './create-model.ts'
import { fromPretrained, type PretrainedType, toPretrainedConfig } from './pretrained.ts'

const configs: Pick<ModelConfigs, PretrainedType> = {
  gpt2: { vocabSize: 7, nEmbd: 4, nHead: 2, nLayer: 1, nPositions: 6, nInner: 10 },
  llama: {
    vocabSize: 7,
    hiddenSize: 4,
    numHiddenLayers: 1,
    numAttentionHeads: 2,
    intermediateSize: 6,
    maxPositionEmbeddings: 6,
    tieWordEmbeddings: true,
  },
  bert: {
    vocabSize: 7,
    hiddenSize: 4,
    numAttentionHeads: 2,
    numHiddenLayers: 1,
    intermediateSize: 6,
    maxPositionEmbeddings: 6,
    layerNormEps: 1e-5,
  },
}
const types = Object.keys(configs) as PretrainedType[]
const ids = tensor([[1, 5, 2]], { dtype: 'int32' })
const outputOf = async (model: ReturnType<typeof fromPretrained>): Promise<number[]> => {
  const output = model.forward(ids)
  return [...(await ('pooled' in output ? output.lastHiddenState : output).data())]
}

describe('fromPretrained', () => {
  it.each(types)('gives back what was written: %s', async type => {
    const model = createModel(type, configs[type] as never, { key: 3 })
    const config = toPretrainedConfig(type, configs[type])
    const again = fromPretrained({ config: JSON.stringify(config), weights: await writeSafetensors(model.stateDict()) })
    expect(await outputOf(again)).toEqual(await outputOf(model))
    expect(await outputOf(fromPretrained({ config, weights: model.stateDict() }))).toEqual(await outputOf(model))
  })

  it('reads names with and without their prefixes, and leaves constants out', async () => {
    const gpt2 = createModel('gpt2', configs.gpt2, { key: 4 })
    const bare = Object.entries(gpt2.stateDict()).map(([name, x]) => [name.replace('transformer.', ''), x] as const)
    const { 'lm_head.weight': _, ...weights } = Object.fromEntries(bare)
    const mask = { 'h.0.attn.bias': tensor([1]), 'h.0.attn.masked_bias': tensor(0) }
    const config = toPretrainedConfig('gpt2', configs.gpt2)
    expect(await outputOf(fromPretrained({ config, weights: { ...weights, ...mask } }))).toEqual(await outputOf(gpt2))
    const bert = createModel('bert', configs.bert, { key: 4 })
    const named = Object.entries(bert.stateDict()).map(([name, x]) => [`bert.${name}`, x] as const)
    const rest: Record<string, Tensor> = { 'bert.pooler.dense.bias': tensor([1]), 'cls.predictions.bias': tensor([1]) }
    const files = {
      config: toPretrainedConfig('bert', configs.bert),
      weights: { ...Object.fromEntries(named), ...rest },
    }
    expect(await outputOf(fromPretrained(files))).toEqual(await outputOf(bert))
  })

  it('writes what other libraries need to know', () => {
    expect(toPretrainedConfig('llama', configs.llama)).toMatchObject({
      architectures: ['LlamaForCausalLM'],
      model_type: 'llama',
      hidden_size: 4,
      num_hidden_layers: 1,
      tie_word_embeddings: true,
      hidden_act: 'silu',
    })
  })

  it.each([
    ['{', /^fromPretrained: config must be JSON \(/],
    ['[]', 'fromPretrained: config must be a JSON object, got something else'],
    ['{"model_type":"t5"}', 'fromPretrained: config.model_type must be one of gpt2, llama, bert, got t5'],
    ['{"model_type":"toString"}', 'fromPretrained: config.model_type must be one of gpt2, llama, bert, got toString'],
    ['{"model_type":"llama","hidden_act":"gelu"}', 'fromPretrained: config.hidden_act must be silu, got "gelu"'],
    ['{"model_type":"gpt2"}', 'GPT2: vocabSize must be a whole number from 1, got undefined'],
  ])('refuses the config %s', (config, message) => {
    expect(() => fromPretrained({ config, weights: {} })).toThrow(message)
  })

  it('lists weights that are missing or of another shape', () => {
    const config = toPretrainedConfig('gpt2', configs.gpt2)
    expect(() => fromPretrained({ config, weights: { 'transformer.wte.weight': tensor([[1]]) } })).toThrow(
      /wpe\.weight/,
    )
  })
})

describe('runModel', () => {
  it('gives the vectors of tokens and texts of an encoder', async () => {
    const state = new Bert(configs.bert).stateDict()
    const output = runModel('bert', configs.bert, state, ids, null, null, { pooling: 'cls' })
    if (!('pooled' in output)) throw new Error('must be an encoder')
    expect([...(await output.pooled.data())]).toEqual([...(await output.lastHiddenState.select(1, 0).data())])
  })

  it('refuses a kind that there is not', () => {
    expect(() => runModel('t5' as never, configs.bert, {}, ids)).toThrow(
      'createModel: type must be one of gpt2, llama, bert, mlp, cnn, resnet, vit, mlpMixer, unet, got t5',
    )
  })
})

describe('Bert', () => {
  const bert = new Bert(configs.bert, { key: 2 })
  const padded = tensor([[1, 5, 2, 0, 0]], { dtype: 'int32' })
  const attentionMask = tensor([[1, 1, 1, 0, 0]], { dtype: 'int32' })

  it.each(['mean', 'cls', 'max'] as const)('ignores padding: %s', async pooling => {
    const [a, b] = [bert.forward(padded, { attentionMask, pooling }), bert.forward(ids, { pooling })]
    const [x, y] = [[...(await a.pooled.data())], [...(await b.pooled.data())]]
    y.forEach((value, i) => {
      expect(x[i]).toBeCloseTo(value, 5)
    })
  })

  it('refuses what does not fit', () => {
    expect(() => bert.forward(tensor([[0, 1, 2, 3, 4, 5, 6]], { dtype: 'int32' }))).toThrow(
      'Bert.forward: length must be at most 6, got 7',
    )
    expect(() => bert.forward(ids, { attentionMask })).toThrow('Bert.forward: attentionMask must be [1, 3], got [1, 5]')
    expect(() => bert.forward(ids, { pooling: 'sum' as never })).toThrow(
      'pooling must be one of mean, cls, max, got sum',
    )
    expect(() => new Bert({ ...configs.bert, numAttentionHeads: 3 })).toThrow('Bert: numAttentionHeads must divide')
  })
})
