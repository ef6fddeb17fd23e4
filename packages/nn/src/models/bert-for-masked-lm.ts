import {
  gelu,
  Module,
  Parameter,
  type RandomKey,
  splitKey,
  type Tensor,
  type TensorLike,
  zeros,
} from '@surprisal/tensor'
import { LayerNorm } from '../layers/layer-norm.ts'
import { type Linear, linear } from '../layers/linear.ts'
import { Bert, type BertConfig, type BertOptions } from './bert.ts'
import type { PresetName } from './images.ts'
import { normalLinear } from './initialise.ts'

class Transform extends Module {
  dense: Linear
  LayerNorm: LayerNorm

  constructor({ hiddenSize, layerNormEps: eps = 1e-12 }: BertConfig, key: RandomKey) {
    super()
    this.dense = normalLinear(hiddenSize, hiddenSize, key)
    this.LayerNorm = new LayerNorm(hiddenSize, { eps })
  }

  override forward(x: Tensor): Tensor {
    return this.LayerNorm.forward(gelu(this.dense.forward(x)))
  }
}

/** Logits by the table of words. */
class Decoder extends Module {
  weight: Parameter
  bias: Parameter

  constructor(weight: Parameter, bias: Parameter) {
    super()
    this.weight = weight
    this.bias = bias
  }

  override forward(x: Tensor): Tensor {
    return linear(x, this.weight, this.bias)
  }
}

class Predictions extends Module {
  /** Also the bias of the decoder, as in Hugging Face's state dict. */
  bias: Parameter
  transform: Transform
  decoder: Decoder

  constructor(config: BertConfig, words: Parameter, key: RandomKey) {
    super()
    this.bias = new Parameter(zeros([config.vocabSize]))
    this.transform = new Transform(config, key)
    this.decoder = new Decoder(words, this.bias)
  }

  override forward(x: Tensor): Tensor {
    return this.decoder.forward(this.transform.forward(x))
  }
}

/**
 * BERT that says which words stand in the places of masked ones: a dense layer, gelu, normalisation and the tied table
 * of words. Names and layouts of its state dict are those of Hugging Face.
 * @see Devlin et al., "BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding", 2019
 */
export class BertForMaskedLM extends Module {
  /**
   * Parameters: `nano` 202 280, `tiny` 4 416 698 and `small` 11 201 594; the latter two have the sizes of BERT-tiny and
   * BERT-mini, and BERT's 30 522 words.
   */
  static readonly presets: Readonly<Record<PresetName, BertConfig>> = {
    nano: presetOf(1000, 64, 2),
    tiny: presetOf(30_522, 128, 2),
    small: presetOf(30_522, 256, 4),
  }

  bert: Bert
  cls: { predictions: Predictions }

  /**
   * @param key of the initial weights, or its seed
   * @throws {SurprisalError} `argument` as {@link Bert}
   */
  constructor(config: BertConfig, { key = 0 }: { key?: RandomKey | number } = {}) {
    super()
    const [encoder, head] = splitKey(key)
    this.bert = new Bert(config, { key: encoder })
    this.cls = { predictions: new Predictions(config, this.bert.embeddings.wordEmbeddings.weight, head) }
  }

  /**
   * @param ids int32 [B, T]
   * @returns logits [B, T, vocabSize]
   * @throws {SurprisalError} as {@link Bert.forward}
   */
  override forward(ids: TensorLike, options: Omit<BertOptions, 'pooling'> = {}): Tensor {
    return this.cls.predictions.forward(this.bert.forward(ids, options).lastHiddenState)
  }
}

function presetOf(vocabSize: number, hiddenSize: number, numHiddenLayers: number): BertConfig {
  return {
    vocabSize,
    hiddenSize,
    numHiddenLayers,
    numAttentionHeads: hiddenSize / 64,
    intermediateSize: 4 * hiddenSize,
    maxPositionEmbeddings: 512,
  }
}
