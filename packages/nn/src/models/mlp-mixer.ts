import { Module, type RandomKey, splitKey, type Tensor, type TensorLike } from '@surprisal/tensor'
import { requireWhole } from '../_shared/require.ts'
import { xavierUniform } from '../init/init.ts'
import { MLP } from '../layers/feed-forward.ts'
import { LayerNorm } from '../layers/layer-norm.ts'
import { Linear } from '../layers/linear.ts'
import type { PresetName } from './images.ts'
import { initLinears } from './initial-linears.ts'
import { PatchEmbedding, type PatchSizes } from './patch-embedding.ts'

/** Sizes of an {@link MLPMixer}. */
export interface MLPMixerConfig extends PatchSizes {
  embedDim: number
  depth: number
  /** Width of the layer that mixes patches. @default half of embedDim, rounded down */
  tokensMlpDim?: number
  /** Width of the layer that mixes channels. @default 4 embedDim */
  channelsMlpDim?: number
  numClasses: number
}

class Block extends Module {
  norm1: LayerNorm
  mlpTokens: MLP
  norm2: LayerNorm
  mlpChannels: MLP

  constructor(length: number, { embedDim, tokensMlpDim, channelsMlpDim }: Required<MLPMixerConfig>, key: RandomKey) {
    super()
    const [tokens, channels] = splitKey(key)
    this.norm1 = new LayerNorm(embedDim, { eps: 1e-6 })
    this.mlpTokens = new MLP(length, tokensMlpDim, { key: tokens })
    this.norm2 = new LayerNorm(embedDim, { eps: 1e-6 })
    this.mlpChannels = new MLP(embedDim, channelsMlpDim, { key: channels })
  }

  override forward(x: Tensor): Tensor {
    const across = this.mlpTokens.forward(this.norm1.forward(x).transpose(1, 2)).transpose(1, 2)
    const mixed = x.add(across)
    return mixed.add(this.mlpChannels.forward(this.norm2.forward(mixed)))
  }
}

/**
 * Patches of an image, mixed by linear maps across patches and across channels in turn. Names and layouts of its state
 * dict are those of timm.
 * @see Tolstikhin et al., "MLP-Mixer: An all-MLP Architecture for Vision", 2021
 */
export class MLPMixer extends Module {
  /**
   * Parameters: `nano` 154 058 and `tiny` 1 248 074 (32 x 32, patches of 4, ten classes), `small` 18 528 264 (Mixer-S/16
   * of 224 x 224, a thousand classes).
   */
  static readonly presets: Readonly<Record<PresetName, MLPMixerConfig>> = {
    nano: { imageSize: 32, patchSize: 4, embedDim: 64, depth: 4, numClasses: 10 },
    tiny: { imageSize: 32, patchSize: 4, embedDim: 192, depth: 4, numClasses: 10 },
    small: { imageSize: 224, patchSize: 16, embedDim: 512, depth: 8, numClasses: 1000 },
  }

  stem: PatchEmbedding
  blocks: Block[]
  norm: LayerNorm
  head: Linear

  /**
   * @param key of the initial weights, or its seed: linear maps are Xavier uniform
   * @throws {SurprisalError} `argument` for sizes that are no whole numbers from 1, or patches that do not divide the image
   */
  constructor(config: MLPMixerConfig, { key = 0 }: { key?: RandomKey | number } = {}) {
    super()
    const { embedDim, depth, numClasses } = config
    const defaults = { inChannels: 3, tokensMlpDim: embedDim >> 1, channelsMlpDim: 4 * embedDim }
    const full = { ...defaults, ...config }
    const { tokensMlpDim, channelsMlpDim } = full
    for (const [name, size] of Object.entries({ embedDim, depth, tokensMlpDim, channelsMlpDim, numClasses }))
      requireWhole('MLPMixer', name, size, 1)
    const [patches, linears, head, ...blocks] = splitKey(key, 3 + depth)
    this.stem = new PatchEmbedding('MLPMixer', full, embedDim, patches)
    this.blocks = blocks.map(block => new Block(this.stem.length, full, block))
    this.norm = new LayerNorm(embedDim, { eps: 1e-6 })
    this.head = new Linear(embedDim, numClasses, { key: head })
    initLinears(this, linears, xavierUniform)
  }

  /**
   * @param x float [B, inChannels, imageSize, imageSize]
   * @returns logits [B, numClasses], of the mean over patches
   * @throws {SurprisalError} `shape` for other images
   */
  override forward(x: TensorLike): Tensor {
    const last = this.blocks.reduce((y, block) => block.forward(y), this.stem.forward(x))
    return this.head.forward(this.norm.forward(last).mean({ dim: 1 }))
  }
}
