import {
  broadcastTo,
  cat,
  Module,
  Parameter,
  type RandomKey,
  splitKey,
  type Tensor,
  type TensorLike,
} from '@surprisal/tensor'
import { requireDivisor, requireWhole } from '../_shared/require.ts'
import { truncNormal } from '../init/init.ts'
import { MLP } from '../layers/feed-forward.ts'
import { LayerNorm } from '../layers/layer-norm.ts'
import { Linear } from '../layers/linear.ts'
import { scaledDotProductAttention } from '../layers/scaled-dot-product-attention.ts'
import type { PresetName } from './images.ts'
import { initLinears } from './initial-linears.ts'
import { PatchEmbedding, type PatchSizes } from './patch-embedding.ts'

/** Sizes of a {@link ViT}. */
export interface ViTConfig extends PatchSizes {
  embedDim: number
  depth: number
  /** Divides embedDim. */
  numHeads: number
  /** Width of the layer within a block. @default 4 embedDim */
  mlpDim?: number
  numClasses: number
}

const small = (key: RandomKey, shape: readonly number[]): Tensor => truncNormal(key, shape, { std: 0.02 })

class Attention extends Module {
  qkv: Linear
  proj: Linear
  readonly #heads: number

  constructor(width: number, heads: number, key: RandomKey) {
    super()
    const [qkv, proj] = splitKey(key)
    this.qkv = new Linear(width, 3 * width, { key: qkv })
    this.proj = new Linear(width, width, { key: proj })
    this.#heads = heads
  }

  override forward(x: Tensor): Tensor {
    const [batch, length, width] = x.shape
    const split = this.qkv.forward(x).reshape([batch, length, 3, this.#heads, width / this.#heads])
    const [q, k, v] = split.permute([2, 0, 3, 1, 4]).unbind({ dim: 0 })
    const mixed = scaledDotProductAttention(q, k, v)
    return this.proj.forward(mixed.permute([0, 2, 1, 3]).reshape([batch, length, width]))
  }
}

class Block extends Module {
  norm1: LayerNorm
  attn: Attention
  norm2: LayerNorm
  mlp: MLP

  constructor({ embedDim, numHeads, mlpDim }: Required<ViTConfig>, key: RandomKey) {
    super()
    const [attn, mlp] = splitKey(key)
    this.norm1 = new LayerNorm(embedDim, { eps: 1e-6 })
    this.attn = new Attention(embedDim, numHeads, attn)
    this.norm2 = new LayerNorm(embedDim, { eps: 1e-6 })
    this.mlp = new MLP(embedDim, mlpDim, { key: mlp })
  }

  override forward(x: Tensor): Tensor {
    const attended = x.add(this.attn.forward(this.norm1.forward(x)))
    return attended.add(this.mlp.forward(this.norm2.forward(attended)))
  }
}

/**
 * Vision transformer: patches as tokens behind one for the class, learned positions, normalisation before each part.
 * Names and layouts of its state dict are those of timm.
 * @see Dosovitskiy et al., "An Image is Worth 16x16 Words: Transformers for Image Recognition at Scale", 2021
 */
export class ViT extends Module {
  /**
   * Parameters: `nano` 208 074 and `tiny` 1 803 850 (32 x 32, patches of 4, ten classes), `small` 22 050 664 (ViT-S/16 of
   * 224 x 224, a thousand classes).
   */
  static readonly presets: Readonly<Record<PresetName, ViTConfig>> = {
    nano: { imageSize: 32, patchSize: 4, embedDim: 64, depth: 4, numHeads: 4, numClasses: 10 },
    tiny: { imageSize: 32, patchSize: 4, embedDim: 192, depth: 4, numHeads: 3, numClasses: 10 },
    small: { imageSize: 224, patchSize: 16, embedDim: 384, depth: 12, numHeads: 6, numClasses: 1000 },
  }

  /** [1, 1, embedDim] */
  clsToken: Parameter
  /** [1, 1 + patches, embedDim] */
  posEmbed: Parameter
  patchEmbed: PatchEmbedding
  blocks: Block[]
  norm: LayerNorm
  head: Linear

  /**
   * @param key of the initial weights, or its seed: linear maps and positions are normal with deviation 0.02
   * @throws {SurprisalError} `argument` for sizes that are no whole numbers from 1, patches that do not divide the image,
   * or heads that do not divide embedDim
   */
  constructor(config: ViTConfig, { key = 0 }: { key?: RandomKey | number } = {}) {
    super()
    const full = { inChannels: 3, mlpDim: 4 * config.embedDim, ...config }
    const { embedDim, depth, numHeads, mlpDim, numClasses } = full
    for (const [name, size] of Object.entries({ embedDim, depth, numHeads, mlpDim, numClasses }))
      requireWhole('ViT', name, size, 1)
    requireDivisor('ViT', 'numHeads', numHeads, 'embedDim', embedDim)
    const [token, places, patches, linears, head, ...blocks] = splitKey(key, 5 + depth)
    this.patchEmbed = new PatchEmbedding('ViT', full, embedDim, patches)
    this.clsToken = new Parameter(small(token, [1, 1, embedDim]))
    this.posEmbed = new Parameter(small(places, [1, 1 + this.patchEmbed.length, embedDim]))
    this.blocks = blocks.map(block => new Block(full, block))
    this.norm = new LayerNorm(embedDim, { eps: 1e-6 })
    this.head = new Linear(embedDim, numClasses, { key: head })
    initLinears(this, linears, small)
  }

  /**
   * @param x float [B, inChannels, imageSize, imageSize]
   * @returns logits [B, numClasses], of the token for the class
   * @throws {SurprisalError} `shape` for other images
   */
  override forward(x: TensorLike): Tensor {
    const patches = this.patchEmbed.forward(x)
    const [batch, , width] = patches.shape
    const token = broadcastTo(this.clsToken, [batch, 1, width])
    const tokens = cat(token, patches, { dim: 1 }).add(this.posEmbed)
    const last = this.blocks.reduce((y, block) => block.forward(y), tokens)
    return this.head.forward(this.norm.forward(last).select(1, 0))
  }
}
