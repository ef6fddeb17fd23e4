import { arange, cat, indexCopy, Parameter, SurprisalError, type Tensor, tensor, zeros } from '@surprisal/tensor'
import { requireWhole } from '../_shared/require.ts'
import type { GenerationCache } from '../generation/language-model.ts'

/** Options of {@link KVCache}. */
export interface KVCacheOptions {
  /** Layers of the model. */
  numLayers: number
  /** Tokens at most. @default no limit */
  maxLength?: number
  /**
   * Memory grows by as many tokens. Between two growths all shapes stay the same, so that the steps of a text are
   * planned once for all. @default 64
   */
  chunk?: number
}

/** Keys and values of a layer, and how many of them there are. */
export interface CachedKeys {
  /** [B, H, capacity, D] */
  k: Parameter
  v: Parameter
  /** int32 [1]: those behind are memory that waits. */
  keyLength: Tensor
}

interface Layer {
  readonly k: Parameter
  readonly v: Parameter
  capacity: number
  length: number
}

/** What a model has read: keys and values of every layer, so that each token is read once. */
export class KVCache implements GenerationCache {
  readonly #layers: (Layer | null)[]
  readonly #maxLength: number
  readonly #chunk: number

  /** @throws {SurprisalError} `argument` unless all are whole numbers from 1 */
  constructor({ numLayers, maxLength, chunk = 64 }: KVCacheOptions) {
    requireWhole('KVCache', 'numLayers', numLayers, 1)
    requireWhole('KVCache', 'chunk', chunk, 1)
    if (maxLength !== undefined) requireWhole('KVCache', 'maxLength', maxLength, 1)
    this.#layers = Array.from({ length: numLayers }, () => null)
    this.#maxLength = maxLength ?? Number.POSITIVE_INFINITY
    this.#chunk = chunk
  }

  /** Tokens that all layers hold. */
  get length(): number {
    return this.#layers[this.#layers.length - 1]?.length ?? 0
  }

  /** Tokens that a layer holds: within a step, some layers have read it and others have not. */
  lengthOf(layer: number): number {
    return this.#layers[layer]?.length ?? 0
  }

  /**
   * Adds the keys and values of new tokens to a layer.
   * @param k [B, H, T, D]
   * @param v [B, H, T, Dv]
   * @returns those of all tokens; options of `scaledDotProductAttention` take `keyLength`
   * @throws {SurprisalError} `argument` for a layer that there is not, or more than `maxLength` tokens; `shape` where
   * batch, heads or sizes are others than before
   */
  append(layer: number, k: Tensor, v: Tensor): CachedKeys {
    if (!(layer in this.#layers))
      throw new SurprisalError('argument', `KVCache.append: layer must be below ${this.#layers.length}, got ${layer}`)
    const known = this.#layers[layer]
    const start = known?.length ?? 0
    const length = start + k.shape[2]
    if (length > this.#maxLength)
      throw new SurprisalError('argument', `KVCache.append: length must be at most ${this.#maxLength}, got ${length}`)
    const own = this.#grown(known, length, k, v)
    const places = arange(k.shape[2]).add(tensor([start], { dtype: 'int32' }))
    own.k.assign(indexCopy(own.k, 2, places, k))
    own.v.assign(indexCopy(own.v, 2, places, v))
    own.length = length
    this.#layers[layer] = own
    return { k: own.k, v: own.v, keyLength: tensor([length], { dtype: 'int32' }) }
  }

  /** Memory for as many tokens. */
  #grown(known: Layer | null, length: number, k: Tensor, v: Tensor): Layer {
    const capacity = Math.min(Math.ceil(length / this.#chunk) * this.#chunk, this.#maxLength)
    const empty = (x: Tensor, tokens: number): Tensor => {
      const [batch, heads, , size] = x.shape
      return zeros([batch, heads, tokens, size], { dtype: x.dtype })
    }
    if (!known)
      return { k: new Parameter(empty(k, capacity)), v: new Parameter(empty(v, capacity)), capacity, length: 0 }
    checkSame(known, k, v)
    if (capacity <= known.capacity) return known
    const more = capacity - known.capacity
    return {
      k: new Parameter(cat([known.k, empty(k, more)], { dim: 2 })),
      v: new Parameter(cat([known.v, empty(v, more)], { dim: 2 })),
      capacity,
      length: known.length,
    }
  }

  /**
   * Forgets all tokens behind the first ones.
   * @throws {SurprisalError} `argument` unless `length` is a whole number up to that of the cache
   */
  truncate(length: number): void {
    requireWhole('KVCache.truncate', 'length', length)
    if (length > this.length)
      throw new SurprisalError('argument', `KVCache.truncate: length must be at most ${this.length}, got ${length}`)
    for (const layer of this.#layers) if (layer) layer.length = length
  }

  /** Puts row `rows[i]` of the batch in place i; rows may be left out or repeated. */
  reorder(rows: readonly number[]): void {
    const index = tensor([...rows], { dtype: 'int32' })
    this.#layers.forEach((layer, i) => {
      if (!layer) return
      const [k, v] = [layer.k, layer.v].map(cell => new Parameter(cell.value.indexSelect(0, index)))
      this.#layers[i] = { ...layer, k, v }
    })
  }

  tensors(): readonly Parameter[] {
    return this.#layers.flatMap(layer => (layer ? [layer.k, layer.v] : []))
  }
}

function checkSame({ k, v }: Layer, newK: Tensor, newV: Tensor): void {
  for (const [name, cell, added] of [
    ['k', k, newK],
    ['v', v, newV],
  ] as const) {
    const [batch, heads, , size] = cell.shape
    const [b, h, , s] = added.shape
    if (batch !== b || heads !== h || size !== s)
      throw new SurprisalError(
        'shape',
        `KVCache.append: ${name} must be [${batch}, ${heads}, T, ${size}], got [${added.shape.join(', ')}]`,
      )
  }
}
