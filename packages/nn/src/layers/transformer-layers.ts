import {
  chunk,
  foldIn,
  gelu,
  isTensor,
  Module,
  type RandomKey,
  randomKey,
  relu,
  SurprisalError,
  silu,
  splitKey,
  type Tensor,
  type TensorLike,
} from '@surprisal/tensor'
import { requireTensor } from '../_shared/positional.ts'
import { requireOneOf } from '../_shared/require.ts'
import { dropout } from './dropout.ts'
import { LayerNorm } from './layer-norm.ts'
import { Linear } from './linear.ts'
import { type MultiHeadAttentionOptions, MultiheadAttention } from './multi-head-attention.ts'

/** Options of {@link TransformerEncoderLayer} and {@link TransformerDecoderLayer}. */
export interface TransformerLayerOptions {
  /** Key of the initial weights, or its seed. */
  key: RandomKey | number
  /** Size between the two linear maps. @default 2048 */
  dimFeedforward?: number
  /** Probability with which a value of a branch is dropped while training. @default 0.1 */
  dropout?: number
  /** With `'swiglu'`, linear1 gives gates and values, 2 dimFeedforward rows. @default 'relu' */
  activation?: 'relu' | 'gelu' | 'swiglu'
  /** Whether norms stand before the branches, not behind the sums. @default false */
  normFirst?: boolean
  /** @default 1e-5 */
  layerNormEps?: number
}

/** Masks, in the sense of PyTorch: true is ignored. */
type Masks = Pick<MultiHeadAttentionOptions, 'attnMask' | 'keyPaddingMask' | 'isCausal'>

/** Options of a call of {@link TransformerEncoderLayer}. */
export interface EncoderLayerCall extends Masks {
  /** Random key of what is dropped, or its seed; needed while training with dropout. */
  key?: RandomKey | number
}

/** Options of a call of {@link TransformerDecoderLayer}: masks of its own tokens, and of the memory. */
export interface DecoderLayerCall extends EncoderLayerCall {
  /** [T, S] @default none */
  memoryMask?: TensorLike | null
  /** [B, S] @default none */
  memoryKeyPaddingMask?: TensorLike | null
}

type Branch = (x: Tensor, key: RandomKey | undefined) => Tensor

/** What both layers share. */
abstract class TransformerLayer extends Module {
  selfAttn: MultiheadAttention
  readonly #options: TransformerLayerOptions

  constructor(name: string, dModel: number, numHeads: number, options: TransformerLayerOptions, key: RandomKey) {
    super()
    requireOneOf(name, 'activation', options.activation ?? 'relu', ['relu', 'gelu', 'swiglu'])
    const { dropout: dropped = 0.1 } = options
    if (!(dropped >= 0 && dropped <= 1))
      throw new SurprisalError('argument', `${name}: dropout must be in [0, 1], got ${dropped}`)
    this.selfAttn = new MultiheadAttention(dModel, numHeads, { key, dropout: dropped })
    this.#options = options
  }

  /** linear2(activation(linear1(x))) */
  protected feedForward(x: Tensor, key: RandomKey | undefined, linear1: Linear, linear2: Linear): Tensor {
    const inner = linear1.forward(x)
    return linear2.forward(this.drop(activated(inner, this.#options.activation ?? 'relu'), key))
  }

  /** x and a branch of it, with the norm where it belongs. */
  protected withBranch(x: Tensor, norm: LayerNorm, key: RandomKey | undefined, branch: Branch): Tensor {
    const [inner, outer] = key ? splitKey(key) : []
    const { normFirst = false } = this.#options
    const sum = x.add(this.drop(branch(normFirst ? norm.forward(x) : x, inner), outer))
    return normFirst ? sum : norm.forward(sum)
  }

  protected drop(x: Tensor, key: RandomKey | undefined): Tensor {
    return dropout(x, this.#options.dropout ?? 0.1, { training: this.training, ...(key && { key }) })
  }
}

function activated(x: Tensor, activation: 'relu' | 'gelu' | 'swiglu'): Tensor {
  if (activation === 'relu') return relu(x)
  if (activation === 'gelu') return gelu(x)
  const [gate, value] = chunk(x, 2, { dim: -1 })
  return silu(gate).mul(value)
}

/** The maps of a feed-forward branch. */
function feedForwardMaps(dModel: number, options: TransformerLayerOptions, key: RandomKey): [Linear, Linear] {
  const { dimFeedforward = 2048, activation } = options
  const [first, second] = splitKey(key)
  const inner = activation === 'swiglu' ? 2 * dimFeedforward : dimFeedforward
  return [new Linear(dModel, inner, { key: first }), new Linear(dimFeedforward, dModel, { key: second })]
}

/** A key for each branch of a call. */
const branchKeys = (key: RandomKey | number | undefined) => {
  const whole = typeof key === 'number' ? randomKey(key) : key
  return (branch: number): RandomKey | undefined => whole && foldIn(whole, branch)
}

function attended(attention: MultiheadAttention, x: Tensor, memory: Tensor, masks: Masks, key?: RandomKey): Tensor {
  const options = { ...masks, needWeights: false, ...(key && { seed: key }) }
  return attention.forward(x, memory, memory, options).output
}

const tensorOf = (op: string, name: string, x: TensorLike): Tensor => {
  requireTensor(op, name, x)
  return isTensor(x) ? x : x.value
}

/**
 * Self-attention and a feed-forward branch, each with a residual and a norm; batch first, named as in PyTorch.
 * @see Vaswani et al., "Attention Is All You Need", 2017
 */
export class TransformerEncoderLayer extends TransformerLayer {
  linear1: Linear
  linear2: Linear
  norm1: LayerNorm
  norm2: LayerNorm

  /** @throws {SurprisalError} `argument` unless numHeads divides dModel, or for an option out of its range */
  constructor(dModel: number, numHeads: number, options: TransformerLayerOptions) {
    const [attention, maps] = splitKey(options.key)
    super('TransformerEncoderLayer', dModel, numHeads, options, attention)
    const eps = options.layerNormEps ?? 1e-5
    ;[this.linear1, this.linear2] = feedForwardMaps(dModel, options, maps)
    this.norm1 = new LayerNorm(dModel, { eps })
    this.norm2 = new LayerNorm(dModel, { eps })
  }

  /**
   * @param src [B, T, dModel]
   * @returns [B, T, dModel]
   */
  override forward(src: TensorLike, { key, ...masks }: EncoderLayerCall = {}): Tensor {
    const keyOf = branchKeys(key)
    const x = tensorOf('TransformerEncoderLayer.forward', 'src', src)
    const mixed = this.withBranch(x, this.norm1, keyOf(0), (y, k) => attended(this.selfAttn, y, y, masks, k))
    return this.withBranch(mixed, this.norm2, keyOf(1), (y, k) => this.feedForward(y, k, this.linear1, this.linear2))
  }
}

/**
 * Self-attention, attention to a memory and a feed-forward branch; batch first, named as in PyTorch.
 * @see Vaswani et al., "Attention Is All You Need", 2017
 */
export class TransformerDecoderLayer extends TransformerLayer {
  multiheadAttn: MultiheadAttention
  linear1: Linear
  linear2: Linear
  norm1: LayerNorm
  norm2: LayerNorm
  norm3: LayerNorm

  /** @throws {SurprisalError} `argument` unless numHeads divides dModel, or for an option out of its range */
  constructor(dModel: number, numHeads: number, options: TransformerLayerOptions) {
    const [attention, toMemory, maps] = splitKey(options.key, 3)
    super('TransformerDecoderLayer', dModel, numHeads, options, attention)
    const { layerNormEps: eps = 1e-5, dropout: dropped = 0.1 } = options
    this.multiheadAttn = new MultiheadAttention(dModel, numHeads, { key: toMemory, dropout: dropped })
    ;[this.linear1, this.linear2] = feedForwardMaps(dModel, options, maps)
    this.norm1 = new LayerNorm(dModel, { eps })
    this.norm2 = new LayerNorm(dModel, { eps })
    this.norm3 = new LayerNorm(dModel, { eps })
  }

  /**
   * @param tgt [B, T, dModel]
   * @param memory [B, S, dModel], such as an encoder's result
   * @returns [B, T, dModel]
   */
  override forward(tgt: TensorLike, memory: TensorLike, options: DecoderLayerCall = {}): Tensor {
    const op = 'TransformerDecoderLayer.forward'
    const { key, memoryMask = null, memoryKeyPaddingMask = null, ...masks } = options
    const keyOf = branchKeys(key)
    const [x, source] = [tensorOf(op, 'tgt', tgt), tensorOf(op, 'memory', memory)]
    const toMemory = { attnMask: memoryMask, keyPaddingMask: memoryKeyPaddingMask }
    const own = this.withBranch(x, this.norm1, keyOf(0), (y, k) => attended(this.selfAttn, y, y, masks, k))
    const informed = this.withBranch(own, this.norm2, keyOf(1), (y, k) =>
      attended(this.multiheadAttn, y, source, toMemory, k),
    )
    return this.withBranch(informed, this.norm3, keyOf(2), (y, k) => this.feedForward(y, k, this.linear1, this.linear2))
  }
}
