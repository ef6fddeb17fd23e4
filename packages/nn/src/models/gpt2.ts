import {
  addmm,
  gelu,
  Module,
  normal,
  Parameter,
  type RandomKey,
  splitKey,
  type Tensor,
  type TensorLike,
  zeros,
} from '@surprisal/tensor'
import { requireDivisor, requireWhole } from '../_shared/require.ts'
import type { LanguageModel, LanguageModelOptions } from '../generation/language-model.ts'
import { Embedding } from '../layers/embedding.ts'
import { KVCache } from '../layers/kv-cache.ts'
import { LayerNorm } from '../layers/layer-norm.ts'
import { Linear } from '../layers/linear.ts'
import { scaledDotProductAttention } from '../layers/scaled-dot-product-attention.ts'
import { type DecoderInput, decoderInput } from './decoder-input.ts'
import type { PresetName } from './images.ts'
import { initialStd } from './initialise.ts'

/** Sizes of a {@link GPT2}, by the names of Hugging Face. */
export interface GPT2Config {
  vocabSize: number
  nEmbd: number
  nHead: number
  nLayer: number
  /** Tokens that it can read at most. */
  nPositions: number
  /** Width of the layer within a block. @default 4 nEmbd */
  nInner?: number | null
  /** @default 1e-5 */
  layerNormEpsilon?: number
}

/** A linear map whose weight is [in, out]. */
class Conv1D extends Module {
  weight: Parameter
  bias: Parameter

  constructor(inFeatures: number, outFeatures: number, key: RandomKey, std: number) {
    super()
    this.weight = new Parameter(normal(key, [inFeatures, outFeatures], { std }))
    this.bias = new Parameter(zeros([outFeatures]))
  }

  override forward(x: Tensor): Tensor {
    const [inFeatures, outFeatures] = this.weight.shape
    const rows = x.reshape([-1, inFeatures])
    return addmm(this.bias, rows, this.weight).reshape([...x.shape.slice(0, -1), outFeatures])
  }
}

class Attention extends Module {
  cAttn: Conv1D
  cProj: Conv1D
  readonly #heads: number

  constructor({ nEmbd, nHead }: GPT2Config, key: RandomKey, residualStd: number) {
    super()
    const [attn, proj] = splitKey(key)
    this.cAttn = new Conv1D(nEmbd, 3 * nEmbd, attn, initialStd)
    this.cProj = new Conv1D(nEmbd, nEmbd, proj, residualStd)
    this.#heads = nHead
  }

  override forward(x: Tensor, layer: number, { cache, keyMask }: DecoderInput): Tensor {
    const [batch, length, width] = x.shape
    const split = this.cAttn.forward(x).reshape([batch, length, 3, this.#heads, width / this.#heads])
    const [q, k, v] = split.permute([2, 0, 3, 1, 4]).unbind({ dim: 0 })
    const cached = cache?.append(layer, k, v) ?? { k, v }
    const attnMask = keyMask(cached.k.shape[2])
    const mixed = scaledDotProductAttention(q, cached.k, cached.v, { ...cached, isCausal: true, attnMask })
    return this.cProj.forward(mixed.permute([0, 2, 1, 3]).reshape([batch, length, width]))
  }
}

class MLP extends Module {
  cFc: Conv1D
  cProj: Conv1D

  constructor({ nEmbd, nInner }: GPT2Config, key: RandomKey, residualStd: number) {
    super()
    const [fc, proj] = splitKey(key)
    const inner = nInner ?? 4 * nEmbd
    this.cFc = new Conv1D(nEmbd, inner, fc, initialStd)
    this.cProj = new Conv1D(inner, nEmbd, proj, residualStd)
  }

  override forward(x: Tensor): Tensor {
    return this.cProj.forward(gelu(this.cFc.forward(x), { approximate: 'tanh' }))
  }
}

class Block extends Module {
  ln_1: LayerNorm
  attn: Attention
  ln_2: LayerNorm
  mlp: MLP

  constructor(config: GPT2Config, key: RandomKey) {
    super()
    const [attn, mlp] = splitKey(key)
    const eps = config.layerNormEpsilon ?? 1e-5
    const residualStd = initialStd / Math.sqrt(2 * config.nLayer)
    this.ln_1 = new LayerNorm(config.nEmbd, { eps })
    this.attn = new Attention(config, attn, residualStd)
    this.ln_2 = new LayerNorm(config.nEmbd, { eps })
    this.mlp = new MLP(config, mlp, residualStd)
  }

  override forward(x: Tensor, layer: number, input: DecoderInput): Tensor {
    const attended = x.add(this.attn.forward(this.ln_1.forward(x), layer, input))
    return attended.add(this.mlp.forward(this.ln_2.forward(attended)))
  }
}

class Transformer extends Module {
  wte: Embedding
  wpe: Embedding
  h: Block[]
  ln_f: LayerNorm

  constructor(config: GPT2Config, key: RandomKey) {
    super()
    const [tokens, places, ...blocks] = splitKey(key, 2 + config.nLayer)
    this.wte = new Embedding(config.vocabSize, config.nEmbd, { key: tokens, std: initialStd })
    this.wpe = new Embedding(config.nPositions, config.nEmbd, { key: places, std: initialStd })
    this.h = blocks.map(block => new Block(config, block))
    this.ln_f = new LayerNorm(config.nEmbd, { eps: config.layerNormEpsilon ?? 1e-5 })
  }

  override forward(input: DecoderInput): Tensor {
    const x = this.wte.forward(input.ids).add(this.wpe.forward(input.positions))
    return this.ln_f.forward(this.h.reduce((y, block, layer) => block.forward(y, layer, input), x))
  }
}

/**
 * GPT-2: learned positions, normalisation before each part, tied embeddings. Names and layouts of its state dict are
 * those of Hugging Face.
 * @see Radford et al., "Language Models are Unsupervised Multitask Learners", 2019
 */
export class GPT2 extends Module implements LanguageModel {
  /** Parameters: `nano` 691 712, `tiny` 6 967 296, `small` 124 439 808 (GPT-2 as it was published). */
  static readonly presets: Readonly<Record<PresetName, GPT2Config>> = {
    nano: { vocabSize: 2048, nEmbd: 128, nHead: 4, nLayer: 2, nPositions: 256 },
    tiny: { vocabSize: 8192, nEmbd: 256, nHead: 4, nLayer: 6, nPositions: 512 },
    small: { vocabSize: 50_257, nEmbd: 768, nHead: 12, nLayer: 12, nPositions: 1024 },
  }

  transformer: Transformer
  /** Its weight is that of the token embedding. */
  lmHead: Linear
  readonly #config: GPT2Config

  /**
   * @param key of the initial weights, or its seed. Weights are normal with deviation 0.02, those that end a residual
   * branch 0.02 / sqrt(2 nLayer)
   * @throws {SurprisalError} `argument` for sizes that are no whole numbers, or heads that do not divide nEmbd
   */
  constructor(config: GPT2Config, { key = 0 }: { key?: RandomKey | number } = {}) {
    super()
    const { vocabSize, nEmbd, nHead, nLayer, nPositions } = config
    for (const [name, size] of Object.entries({ vocabSize, nEmbd, nHead, nLayer, nPositions }))
      requireWhole('GPT2', name, size, 1)
    requireDivisor('GPT2', 'nHead', nHead, 'nEmbd', nEmbd)
    const [own, head] = splitKey(key)
    this.transformer = new Transformer(config, own)
    this.lmHead = new Linear(nEmbd, vocabSize, { key: head, bias: false })
    this.lmHead.weight = this.transformer.wte.weight
    this.#config = config
  }

  /**
   * @param ids int32 [B, T]
   * @returns logits [B, T, vocabSize]
   * @throws {SurprisalError} `argument` for more than nPositions tokens, `shape` unless ids are [B, T]
   */
  override forward(ids: TensorLike, options: LanguageModelOptions = {}): Tensor {
    const input = decoderInput('GPT2.forward', ids, options, this.#config.nPositions)
    return this.lmHead.forward(this.transformer.forward(input))
  }

  createCache(): KVCache {
    return new KVCache({ numLayers: this.#config.nLayer, maxLength: this.#config.nPositions })
  }
}
