import {
  arange,
  isTensor,
  Module,
  type RandomKey,
  SurprisalError,
  splitKey,
  type Tensor,
  type TensorLike,
  tensor,
} from '@surprisal/tensor'
import { requireTensor } from '../_shared/positional.ts'
import { requireDivisor, requireWhole } from '../_shared/require.ts'
import type { KVCache } from './kv-cache.ts'
import { Linear } from './linear.ts'
import { applyRotaryEmbedding, type RotaryOptions } from './rotary-embedding.ts'
import { scaledDotProductAttention } from './scaled-dot-product-attention.ts'

/** Options of {@link RotaryAttention}. */
export interface RotaryAttentionOptions {
  /** Size of what goes in and comes out. */
  embedDim: number
  /** Heads of queries. */
  numHeads: number
  /** Heads of keys and values, a divisor of numHeads. @default numHeads */
  numKvHeads?: number
  /** Size of a head. @default embedDim / numHeads */
  headDim?: number
  /** Whether projections have biases. @default false */
  bias?: boolean
  /** Options of the rotation. @default those of `applyRotaryEmbedding` */
  rotary?: RotaryOptions
  /** Whether tokens attend to no later ones. @default true */
  isCausal?: boolean
  /** c: scores become c tanh(scores / c). @default none */
  logitSoftcap?: number | null
  /** Key of the initial weights, or its seed. */
  key: RandomKey | number
}

/** Options of a call of {@link RotaryAttention}. */
export interface RotaryAttentionCall {
  /** Keys and values of the tokens before; those of this call are added. @default none */
  cache?: KVCache | null
  /** Number of the layer in the cache. @default 0 */
  layer?: number
  /** int32 [T] or [B, T]. @default counted on from the cache */
  positions?: TensorLike | null
  /**
   * Broadcast to [B, numHeads, T, keys]: bool, true where a token may attend, or float, which is added; or what makes it
   * for a number of keys, which with a cache is that of its memory. @default none
   */
  attnMask?: TensorLike | null | ((keys: number) => TensorLike | null)
}

/** Self-attention over rotated queries and keys with grouped heads; named as in Llama. */
export class RotaryAttention extends Module {
  qProj: Linear
  kProj: Linear
  vProj: Linear
  oProj: Linear
  readonly #headDim: number
  readonly #options: RotaryAttentionOptions

  /** @throws {SurprisalError} `argument` for sizes that are no whole numbers, or do not divide one another */
  constructor(options: RotaryAttentionOptions) {
    super()
    const op = 'RotaryAttention'
    const { embedDim, numHeads, numKvHeads = numHeads, bias = false, key } = options
    const sizes = { embedDim, numHeads, numKvHeads }
    for (const [name, size] of Object.entries(sizes)) requireWhole(op, name, size, 1)
    if (options.headDim === undefined) requireDivisor(op, 'numHeads', numHeads, 'embedDim', embedDim)
    requireDivisor(op, 'numKvHeads', numKvHeads, 'numHeads', numHeads)
    const headDim = options.headDim ?? embedDim / numHeads
    requireWhole(op, 'headDim', headDim, 1)
    const keys = splitKey(key, 4)
    const inner = numHeads * headDim
    this.qProj = new Linear(embedDim, inner, { key: keys[0], bias })
    this.kProj = new Linear(embedDim, numKvHeads * headDim, { key: keys[1], bias })
    this.vProj = new Linear(embedDim, numKvHeads * headDim, { key: keys[2], bias })
    this.oProj = new Linear(inner, embedDim, { key: keys[3], bias })
    this.#headDim = headDim
    this.#options = options
  }

  /**
   * @param x [B, T, embedDim]
   * @returns [B, T, embedDim]
   * @throws {SurprisalError} `shape` where shapes do not fit
   */
  override forward(x: TensorLike, options: RotaryAttentionCall = {}): Tensor {
    requireTensor('RotaryAttention.forward', 'x', x)
    if (x.shape.length !== 3)
      throw new SurprisalError(
        'shape',
        `RotaryAttention.forward: x must be [batch, length, size], got [${x.shape.join(', ')}]`,
      )
    const { cache = null, layer = 0 } = options
    const { numHeads, numKvHeads = numHeads, rotary, isCausal = true, logitSoftcap = null } = this.#options
    const [batch, length] = x.shape
    const places = options.positions ?? this.#places(cache, layer, length)
    const heads = (y: Tensor): Tensor => y.reshape([batch, length, -1, this.#headDim]).permute([0, 2, 1, 3])
    const turn = (y: Tensor): Tensor => applyRotaryEmbedding(y, places, rotary)
    const [q, k] = [turn(heads(this.qProj.forward(x))), turn(heads(this.kProj.forward(x)))]
    const v = heads(this.vProj.forward(x))
    const all = cache?.append(layer, k, v) ?? { k, v }
    const given = options.attnMask ?? null
    const attnMask = typeof given === 'function' ? given(all.k.shape[2]) : given
    const mixed = scaledDotProductAttention(q, all.k, all.v, {
      ...('keyLength' in all && { keyLength: all.keyLength }),
      enableGqa: numKvHeads !== numHeads,
      isCausal,
      logitSoftcap,
      attnMask: attnMask && (isTensor(attnMask) ? attnMask : attnMask.value),
    })
    return this.oProj.forward(mixed.permute([0, 2, 1, 3]).reshape([batch, length, numHeads * this.#headDim]))
  }

  /** The first place is data, so that steps that differ in it alone share one plan. */
  #places(cache: KVCache | null, layer: number, length: number): Tensor {
    if (!cache) return arange(length)
    return arange(length).add(tensor([cache.lengthOf(layer)], { dtype: 'int32' }))
  }
}
