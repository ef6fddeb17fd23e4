import { SurprisalError, type Tensor } from '@surprisal/tensor'
import { readSafetensors } from '../checkpoint/read-safetensors.ts'
import type { BertConfig } from './bert.ts'
import { createModel, type ModelConfigs, type Models } from './create-model.ts'
import type { GPT2Config } from './gpt2.ts'
import type { LlamaConfig } from './llama.ts'

/** Kinds of models whose files Hugging Face keeps. */
export type PretrainedType = 'gpt2' | 'llama' | 'bert'

/** The files of a pretrained model. */
export interface PretrainedFiles {
  /** `config.json`: its text, or what it holds. */
  config: string | Readonly<Record<string, unknown>>
  /** `model.safetensors`: its bytes, or its tensors, such as {@link openShardedSafetensors} gives them. */
  weights: Uint8Array | Readonly<Record<string, Tensor>>
}

/** Names of sizes in `config.json`, by ours; others are what snake case makes of ours. */
const names: { readonly [T in PretrainedType]: readonly (keyof ModelConfigs[T] & string)[] } = {
  gpt2: ['vocabSize', 'nEmbd', 'nHead', 'nLayer', 'nPositions', 'nInner', 'layerNormEpsilon'],
  llama: [
    'vocabSize',
    'hiddenSize',
    'numHiddenLayers',
    'numAttentionHeads',
    'numKeyValueHeads',
    'intermediateSize',
    'maxPositionEmbeddings',
    'headDim',
    'ropeTheta',
    'rmsNormEps',
    'tieWordEmbeddings',
  ],
  bert: [
    'vocabSize',
    'hiddenSize',
    'numAttentionHeads',
    'numHiddenLayers',
    'intermediateSize',
    'maxPositionEmbeddings',
    'typeVocabSize',
    'layerNormEps',
  ],
}

/** What our models do and a `config.json` must not ask otherwise. */
const fixed: { readonly [T in PretrainedType]: Readonly<Record<string, readonly unknown[]>> } = {
  gpt2: { activation_function: ['gelu_new', 'gelu_pytorch_tanh'] },
  llama: { hidden_act: ['silu'], attention_bias: [false], mlp_bias: [false], rope_scaling: [null] },
  bert: { hidden_act: ['gelu'], position_embedding_type: ['absolute'] },
}

/** Weights of parts that our models lack, and constants that are kept as weights. */
const ignored: { readonly [T in PretrainedType]: RegExp } = {
  gpt2: /\.attn\.(masked_)?bias$/,
  llama: /\.rotary_emb\.inv_freq$/,
  bert: /^(pooler|cls)\.|\.position_ids$/,
}

/** What all names may begin with in one library and not in another. */
const prefixes: { readonly [T in PretrainedType]: { readonly drop?: string; readonly add?: string } } = {
  gpt2: { add: 'transformer.' },
  llama: {},
  bert: { drop: 'bert.' },
}

const architectures: Readonly<Record<PretrainedType, string>> = {
  gpt2: 'GPT2LMHeadModel',
  llama: 'LlamaForCausalLM',
  bert: 'BertModel',
}

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)

/**
 * A model with the weights of a pretrained one, from the files that Hugging Face keeps of it.
 * @throws {SurprisalError} `format` for a config of another kind or with parts that are not built, `argument` for weights
 * that do not fit, listing them
 */
export function fromPretrained({ config, weights }: PretrainedFiles): Models[PretrainedType] {
  const { type, sizes } = readConfig(config)
  const model = createModel(type, sizes as never)
  const tensors = weights instanceof Uint8Array ? readSafetensors(weights) : weights
  model.loadStateDict(renamed(type, tensors))
  return model
}

/** The `config.json` with which other libraries load the weights of a model. */
export function toPretrainedConfig<T extends PretrainedType>(
  type: T,
  config: ModelConfigs[T],
): Record<string, unknown> {
  const sizes = Object.entries(config).flatMap(([name, value]) =>
    value === undefined || value === null ? [] : [[snakeCase(name), value]],
  )
  const facts = Object.entries(fixed[type]).map(([name, [value]]) => [name, value])
  return {
    architectures: [architectures[type]],
    model_type: type,
    torch_dtype: 'float32',
    ...Object.fromEntries(facts),
    ...Object.fromEntries(sizes),
  }
}

function readConfig(config: PretrainedFiles['config']): {
  type: PretrainedType
  sizes: GPT2Config | LlamaConfig | BertConfig
} {
  const given = typeof config === 'string' ? parse(config) : config
  const type = given.model_type as PretrainedType
  if (!Object.hasOwn(names, String(type)))
    throw new SurprisalError(
      'format',
      `fromPretrained: config.model_type must be one of ${Object.keys(names).join(', ')}, got ${String(type)}`,
    )
  for (const [name, values] of Object.entries(fixed[type]))
    if (given[name] !== undefined && !values.includes(given[name]))
      throw new SurprisalError(
        'format',
        `fromPretrained: config.${name} must be ${values.join(' or ')}, got ${JSON.stringify(given[name])}`,
      )
  const sizes = names[type].flatMap(name => {
    const value = given[snakeCase(name)]
    return value === undefined || value === null ? [] : [[name, value]]
  })
  return { type, sizes: Object.fromEntries(sizes) }
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  } catch (cause) {
    throw new SurprisalError('format', `fromPretrained: config must be JSON (${(cause as Error).message})`, { cause })
  }
  throw new SurprisalError('format', 'fromPretrained: config must be a JSON object, got something else')
}

function renamed(type: PretrainedType, tensors: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  const { drop, add } = prefixes[type]
  const own = Object.keys(tensors)
  const lacksPrefix = add !== undefined && !own.some(name => name.startsWith(add))
  const rename = (name: string): string => {
    if (drop && name.startsWith(drop)) return name.slice(drop.length)
    return lacksPrefix && name !== 'lm_head.weight' ? add + name : name
  }
  const entries = own.map(name => [rename(name), tensors[name]] as const)
  return Object.fromEntries(entries.filter(([name]) => !ignored[type].test(name)))
}
