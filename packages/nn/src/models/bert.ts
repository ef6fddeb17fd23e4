import {
  arange,
  clamp,
  gelu,
  Module,
  type RandomKey,
  SurprisalError,
  splitKey,
  type Tensor,
  type TensorLike,
  where,
  zerosLike,
} from '@surprisal/tensor'
import { requireTensor, tensorOf } from '../_shared/positional.ts'
import { requireDivisor, requireOneOf, requireWhole } from '../_shared/require.ts'
import { Embedding } from '../layers/embedding.ts'
import { LayerNorm } from '../layers/layer-norm.ts'
import type { Linear } from '../layers/linear.ts'
import { scaledDotProductAttention } from '../layers/scaled-dot-product-attention.ts'
import { initialStd, normalLinear } from './initialise.ts'

/** Sizes of a {@link Bert}, by the names of Hugging Face. */
export interface BertConfig {
  vocabSize: number
  hiddenSize: number
  numAttentionHeads: number
  numHiddenLayers: number
  intermediateSize: number
  /** Tokens that it can read at most. */
  maxPositionEmbeddings: number
  /** Kinds of segments. @default 2 */
  typeVocabSize?: number
  /** @default 1e-12 */
  layerNormEps?: number
}

/** How the vectors of tokens become one of a text. */
export type Pooling = 'mean' | 'cls' | 'max'

/** Options of {@link Bert.forward}. */
export interface BertOptions {
  /** int32 or bool [B, T]: 1 for tokens, 0 for padding. @default all ones */
  attentionMask?: TensorLike | null
  /** int32 [B, T]: the segment of each token. @default all zeros */
  tokenTypeIds?: TensorLike | null
  /** @default 'mean' */
  pooling?: Pooling
}

/** What {@link Bert.forward} gives. */
export interface BertOutput {
  /** [B, T, hiddenSize] */
  lastHiddenState: Tensor
  /** [B, hiddenSize] */
  pooled: Tensor
}

/** Words, places and segments. */
class Embeddings extends Module {
  wordEmbeddings: Embedding
  positionEmbeddings: Embedding
  tokenTypeEmbeddings: Embedding
  LayerNorm: LayerNorm

  constructor(config: Required<BertConfig>, key: RandomKey) {
    super()
    const [words, places, types] = splitKey(key, 3)
    this.wordEmbeddings = new Embedding(config.vocabSize, config.hiddenSize, { key: words, std: initialStd })
    this.positionEmbeddings = new Embedding(config.maxPositionEmbeddings, config.hiddenSize, {
      key: places,
      std: initialStd,
    })
    this.tokenTypeEmbeddings = new Embedding(config.typeVocabSize, config.hiddenSize, { key: types, std: initialStd })
    this.LayerNorm = new LayerNorm(config.hiddenSize, { eps: config.layerNormEps })
  }

  override forward(ids: Tensor, types: Tensor): Tensor {
    const places = this.positionEmbeddings.forward(arange(ids.shape[1]))
    return this.LayerNorm.forward(
      this.wordEmbeddings.forward(ids).add(places).add(this.tokenTypeEmbeddings.forward(types)),
    )
  }
}

class SelfAttention extends Module {
  query: Linear
  key: Linear
  value: Linear
  readonly #heads: number

  constructor({ hiddenSize, numAttentionHeads }: Required<BertConfig>, key: RandomKey) {
    super()
    const [q, k, v] = splitKey(key, 3)
    this.query = normalLinear(hiddenSize, hiddenSize, q)
    this.key = normalLinear(hiddenSize, hiddenSize, k)
    this.value = normalLinear(hiddenSize, hiddenSize, v)
    this.#heads = numAttentionHeads
  }

  override forward(x: Tensor, attnMask: Tensor | null): Tensor {
    const [batch, length, width] = x.shape
    const heads = (y: Tensor): Tensor =>
      y.reshape([batch, length, this.#heads, width / this.#heads]).permute([0, 2, 1, 3])
    const [q, k, v] = [this.query, this.key, this.value].map(dense => heads(dense.forward(x)))
    const mixed = scaledDotProductAttention(q, k, v, { attnMask })
    return mixed.permute([0, 2, 1, 3]).reshape([batch, length, width])
  }
}

/** A dense layer, added to what it is a part of, and normalised. */
class Output extends Module {
  dense: Linear
  LayerNorm: LayerNorm

  constructor(inFeatures: number, { hiddenSize, layerNormEps: eps }: Required<BertConfig>, key: RandomKey) {
    super()
    this.dense = normalLinear(inFeatures, hiddenSize, key)
    this.LayerNorm = new LayerNorm(hiddenSize, { eps })
  }

  override forward(x: Tensor, residual: Tensor): Tensor {
    return this.LayerNorm.forward(this.dense.forward(x).add(residual))
  }
}

class Layer extends Module {
  attention: { self: SelfAttention; output: Output }
  intermediate: { dense: Linear }
  output: Output

  constructor(config: Required<BertConfig>, key: RandomKey) {
    super()
    const [self, attended, inner, outer] = splitKey(key, 4)
    const { hiddenSize, intermediateSize } = config
    this.attention = { self: new SelfAttention(config, self), output: new Output(hiddenSize, config, attended) }
    this.intermediate = { dense: normalLinear(hiddenSize, intermediateSize, inner) }
    this.output = new Output(intermediateSize, config, outer)
  }

  override forward(x: Tensor, attnMask: Tensor | null): Tensor {
    const attended = this.attention.output.forward(this.attention.self.forward(x, attnMask), x)
    return this.output.forward(gelu(this.intermediate.dense.forward(attended)), attended)
  }
}

/**
 * BERT's encoder: learned positions and segments, normalisation behind each part. Names and layouts of its state dict
 * are those of Hugging Face; a prefix `bert.` is accepted by `fromPretrained`.
 * @see Devlin et al., "BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding", 2019
 */
export class Bert extends Module {
  embeddings: Embeddings
  encoder: { layer: Layer[] }
  readonly #config: Required<BertConfig>

  /**
   * @param key of the initial weights, or its seed: normal with deviation 0.02
   * @throws {SurprisalError} `argument` for sizes that are no whole numbers, or heads that do not divide hiddenSize
   */
  constructor(config: BertConfig, { key = 0 }: { key?: RandomKey | number } = {}) {
    super()
    const full = { typeVocabSize: 2, layerNormEps: 1e-12, ...config }
    const { layerNormEps: _, ...sizes } = full
    for (const [name, size] of Object.entries(sizes)) requireWhole('Bert', name, size, 1)
    requireDivisor('Bert', 'numAttentionHeads', full.numAttentionHeads, 'hiddenSize', full.hiddenSize)
    const [table, ...layers] = splitKey(key, 1 + full.numHiddenLayers)
    this.embeddings = new Embeddings(full, table)
    this.encoder = { layer: layers.map(layer => new Layer(full, layer)) }
    this.#config = full
  }

  /**
   * @param ids int32 [B, T]
   * @throws {SurprisalError} `shape` where ids, mask or segments are not [B, T], `argument` for more than
   * maxPositionEmbeddings tokens or another pooling
   */
  override forward(ids: TensorLike, options: BertOptions = {}): BertOutput {
    const op = 'Bert.forward'
    const { attentionMask, tokenTypeIds, pooling = 'mean' } = options
    requireTensor(op, 'ids', ids)
    requireOneOf(op, 'pooling', pooling, ['mean', 'cls', 'max'])
    const shape = `[${ids.shape.join(', ')}]`
    if (ids.shape.length !== 2) throw new SurprisalError('shape', `${op}: ids must be [batch, length], got ${shape}`)
    if (ids.shape[1] > this.#config.maxPositionEmbeddings)
      throw new SurprisalError(
        'argument',
        `${op}: length must be at most ${this.#config.maxPositionEmbeddings}, got ${ids.shape[1]}`,
      )
    for (const [name, x] of Object.entries({ attentionMask, tokenTypeIds }))
      if (x && x.shape.join() !== ids.shape.join())
        throw new SurprisalError('shape', `${op}: ${name} must be ${shape}, got [${x.shape.join(', ')}]`)
    const tokens = tensorOf(ids)
    const mask = attentionMask ? tensorOf(attentionMask).notEqual(0) : null
    const types = tokenTypeIds ? tensorOf(tokenTypeIds) : zerosLike(tokens)
    const attnMask = mask?.unsqueeze(1).unsqueeze(1) ?? null
    const first = this.embeddings.forward(tokens, types)
    const lastHiddenState = this.encoder.layer.reduce((x, layer) => layer.forward(x, attnMask), first)
    return { lastHiddenState, pooled: pool(lastHiddenState, mask, pooling) }
  }
}

/** One vector of the vectors [B, T, D] of tokens. */
function pool(x: Tensor, mask: Tensor | null, pooling: Pooling): Tensor {
  if (pooling === 'cls') return x.select(1, 0)
  if (!mask) return pooling === 'max' ? x.max({ dim: 1 }) : x.mean({ dim: 1 })
  const present = mask.unsqueeze(2)
  if (pooling === 'max') return where(present, x, Number.NEGATIVE_INFINITY).max({ dim: 1 })
  const count = present.cast('float32').sum({ dim: 1 })
  return where(present, x, 0)
    .sum({ dim: 1 })
    .div(clamp(count, { min: 1e-9 }))
}
