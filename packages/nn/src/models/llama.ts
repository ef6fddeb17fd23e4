import { Module, type RandomKey, splitKey, type Tensor, type TensorLike } from '@surprisal/tensor'
import { requireDivisor, requireWhole } from '../_shared/require.ts'
import type { LanguageModel, LanguageModelOptions } from '../generation/language-model.ts'
import { Embedding } from '../layers/embedding.ts'
import { SwiGLU } from '../layers/feed-forward.ts'
import { KVCache } from '../layers/kv-cache.ts'
import type { Linear } from '../layers/linear.ts'
import { RMSNorm } from '../layers/rms-norm.ts'
import { RotaryAttention } from '../layers/rotary-attention.ts'
import type { RotaryScaling } from '../layers/rotary-embedding.ts'
import { type DecoderInput, decoderInput } from './decoder-input.ts'
import type { PresetName } from './images.ts'
import { initialise, initialStd, normalLinear } from './initialise.ts'

/** Sizes of a {@link Llama}, by the names of Hugging Face. */
export interface LlamaConfig {
  vocabSize: number
  hiddenSize: number
  numHiddenLayers: number
  numAttentionHeads: number
  /** Heads of keys and values, each read by as many heads of queries. @default numAttentionHeads */
  numKeyValueHeads?: number
  /** Width of the gated layer within a block. */
  intermediateSize: number
  /** Tokens that it can read at most. */
  maxPositionEmbeddings: number
  /** @default hiddenSize / numAttentionHeads */
  headDim?: number
  /** @default 10000 */
  ropeTheta?: number
  /** @default none */
  ropeScaling?: RotaryScaling | null
  /** @default 1e-6 */
  rmsNormEps?: number
  /** Whether logits are made with the table of the token embedding. @default false */
  tieWordEmbeddings?: boolean
}

type Sizes = Required<Omit<LlamaConfig, 'ropeScaling'>> & { readonly ropeScaling: RotaryScaling | null }

const residualStd = ({ numHiddenLayers }: Sizes): number => initialStd / Math.sqrt(2 * numHiddenLayers)

class DecoderLayer extends Module {
  selfAttn: RotaryAttention
  mlp: SwiGLU
  inputLayernorm: RMSNorm
  postAttentionLayernorm: RMSNorm

  constructor(sizes: Sizes, key: RandomKey) {
    super()
    const { hiddenSize, intermediateSize, numAttentionHeads, numKeyValueHeads, headDim } = sizes
    const { ropeTheta: base, ropeScaling: scaling } = sizes
    const keys = splitKey(key, 7)
    this.selfAttn = new RotaryAttention({
      embedDim: hiddenSize,
      numHeads: numAttentionHeads,
      numKvHeads: numKeyValueHeads,
      headDim,
      rotary: { base, scaling },
      key,
    })
    this.mlp = new SwiGLU(hiddenSize, intermediateSize, { key })
    const { qProj, kProj, vProj, oProj } = this.selfAttn
    const { gateProj, upProj, downProj } = this.mlp
    ;[qProj, kProj, vProj, gateProj, upProj].forEach((layer, i) => {
      initialise(layer, keys[i])
    })
    ;[oProj, downProj].forEach((layer, i) => {
      initialise(layer, keys[5 + i], residualStd(sizes))
    })
    this.inputLayernorm = new RMSNorm(sizes.hiddenSize, { eps: sizes.rmsNormEps })
    this.postAttentionLayernorm = new RMSNorm(sizes.hiddenSize, { eps: sizes.rmsNormEps })
  }

  override forward(x: Tensor, layer: number, { cache, positions, keyMask: attnMask }: DecoderInput): Tensor {
    const call = { cache, layer, positions, attnMask }
    const attended = x.add(this.selfAttn.forward(this.inputLayernorm.forward(x), call))
    return attended.add(this.mlp.forward(this.postAttentionLayernorm.forward(attended)))
  }
}

class Decoder extends Module {
  embedTokens: Embedding
  layers: DecoderLayer[]
  norm: RMSNorm

  constructor(sizes: Sizes, key: RandomKey) {
    super()
    const [tokens, ...layers] = splitKey(key, 1 + sizes.numHiddenLayers)
    this.embedTokens = new Embedding(sizes.vocabSize, sizes.hiddenSize, { key: tokens, std: initialStd })
    this.layers = layers.map(layer => new DecoderLayer(sizes, layer))
    this.norm = new RMSNorm(sizes.hiddenSize, { eps: sizes.rmsNormEps })
  }

  override forward(input: DecoderInput): Tensor {
    const x = this.embedTokens.forward(input.ids)
    return this.norm.forward(this.layers.reduce((y, block, layer) => block.forward(y, layer, input), x))
  }
}

/**
 * A decoder as Llama and its kin are: root-mean-square norms, rotary positions, grouped heads, gated layers, no
 * biases. Names and layouts of its state dict are those of Hugging Face.
 * @see Touvron et al., "LLaMA: Open and Efficient Foundation Language Models", 2023
 */
export class Llama extends Module implements LanguageModel {
  /** Parameters: `nano` 664 192, `tiny` 2 557 632, `small` 13 767 552; embeddings are tied. */
  static readonly presets: Readonly<Record<PresetName, LlamaConfig>> = {
    nano: preset(2048, 128, 2, 4, 352, 1024),
    tiny: preset(4096, 192, 4, 6, 512, 2048),
    small: preset(8192, 384, 6, 6, 1024, 2048),
  }

  model: Decoder
  lmHead: Linear
  readonly #sizes: Sizes

  /**
   * @param key of the initial weights, or its seed. Weights are normal with deviation 0.02, those that end a residual
   * branch 0.02 / sqrt(2 numHiddenLayers)
   * @throws {SurprisalError} `argument` for sizes that are no whole numbers, or heads that do not divide
   */
  constructor(config: LlamaConfig, { key = 0 }: { key?: RandomKey | number } = {}) {
    super()
    const sizes = sizesOf(config)
    const [decoder, head] = splitKey(key)
    this.model = new Decoder(sizes, decoder)
    const { vocabSize, hiddenSize, tieWordEmbeddings } = sizes
    this.lmHead = normalLinear(hiddenSize, vocabSize, head, { bias: false })
    if (tieWordEmbeddings) this.lmHead.weight = this.model.embedTokens.weight
    this.#sizes = sizes
  }

  /**
   * @param ids int32 [B, T]
   * @returns logits [B, T, vocabSize]
   * @throws {SurprisalError} `argument` for more than maxPositionEmbeddings tokens, `shape` unless ids are [B, T]
   */
  override forward(ids: TensorLike, options: LanguageModelOptions = {}): Tensor {
    const input = decoderInput('Llama.forward', ids, options, this.#sizes.maxPositionEmbeddings)
    return this.lmHead.forward(this.model.forward(input))
  }

  /** Sizes, with defaults filled in. */
  get config(): Readonly<Required<Omit<LlamaConfig, 'ropeScaling'>>> & Pick<LlamaConfig, 'ropeScaling'> {
    return this.#sizes
  }

  createCache(): KVCache {
    const { numHiddenLayers: numLayers, maxPositionEmbeddings: maxLength } = this.#sizes
    return new KVCache({ numLayers, maxLength })
  }
}

function preset(
  vocabSize: number,
  hiddenSize: number,
  numHiddenLayers: number,
  numAttentionHeads: number,
  intermediateSize: number,
  maxPositionEmbeddings: number,
): LlamaConfig {
  const sizes = { vocabSize, hiddenSize, numHiddenLayers, numAttentionHeads, intermediateSize, maxPositionEmbeddings }
  return { ...sizes, tieWordEmbeddings: true }
}

function sizesOf(config: LlamaConfig): Sizes {
  const { hiddenSize, numAttentionHeads } = config
  const sizes: Sizes = {
    numKeyValueHeads: numAttentionHeads,
    headDim: hiddenSize / numAttentionHeads,
    ropeTheta: 10_000,
    ropeScaling: null,
    rmsNormEps: 1e-6,
    tieWordEmbeddings: false,
    ...config,
  }
  const { vocabSize, numHiddenLayers, numKeyValueHeads, intermediateSize, maxPositionEmbeddings } = sizes
  const whole = { vocabSize, hiddenSize, numHiddenLayers, numAttentionHeads, numKeyValueHeads, intermediateSize }
  for (const [name, size] of Object.entries({ ...whole, maxPositionEmbeddings })) requireWhole('Llama', name, size, 1)
  if (config.headDim === undefined)
    requireDivisor('Llama', 'numAttentionHeads', numAttentionHeads, 'hiddenSize', hiddenSize)
  requireDivisor('Llama', 'numKeyValueHeads', numKeyValueHeads, 'numAttentionHeads', numAttentionHeads)
  requireWhole('Llama', 'headDim', sizes.headDim, 2)
  return sizes
}
