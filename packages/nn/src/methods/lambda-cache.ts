import {
  arange,
  cat,
  indexSelect,
  Parameter,
  SurprisalError,
  type Tensor,
  type TensorLike,
  tensor,
} from '@surprisal/tensor'
import { requireWhole } from '../_shared/require.ts'
import type { GenerationCache } from '../generation/language-model.ts'
import { type LambdaWindow, requireWindow } from './lambda-attention.ts'

/** The places that a text of some length leaves in memory, ascending. */
function retained(length: number, { globalTokens, localTokens }: Required<LambdaWindow>): Int32Array {
  const first = Math.min(length, globalTokens)
  const from = Math.max(first, length - localTokens)
  return Int32Array.from({ length: first + length - from }, (_, i) => (i < first ? i : from + i - first))
}

/**
 * Which tokens of a text of some length a model has to remember: the first ones and the window.
 * @returns int32 [min(length, globalTokens + localTokens)]
 * @throws {SurprisalError} `argument` for counts out of their range
 */
export function lambdaCacheIndices(length: number, window: LambdaWindow): Tensor {
  requireWhole('lambdaCacheIndices', 'length', length)
  const places = retained(length, requireWindow('lambdaCacheIndices', window))
  return places.length > 0 ? tensor(places) : arange(0)
}

/** Keys and values to attend to. */
export interface LambdaEntries {
  /** [B, H, n, D] */
  k: Tensor
  v: Tensor
  /** Places of the n tokens in the whole text. */
  keyPositions: Int32Array
}

interface Layer {
  k: Parameter
  v: Parameter
  length: number
}

/** Options of {@link LambdaKVCache}. */
export interface LambdaCacheOptions extends LambdaWindow {
  numLayers: number
  /** Keep the tokens between as well, for `middleTopK`; memory then grows with the text. @default false */
  keepAll?: boolean
}

/** Keys, not rotated, and values of the first tokens and of a window of the last ones: constant memory for any text. */
export class LambdaKVCache implements GenerationCache {
  readonly #window: Required<LambdaWindow>
  readonly #keepAll: boolean
  readonly #layers: (Layer | null)[]

  /** @throws {SurprisalError} `argument` for counts out of their range */
  constructor(options: LambdaCacheOptions) {
    requireWhole('LambdaKVCache', 'numLayers', options.numLayers, 1)
    this.#window = requireWindow('LambdaKVCache', options)
    this.#keepAll = options.keepAll ?? false
    this.#layers = new Array(options.numLayers).fill(null)
  }

  /** Tokens that all layers have read. */
  get length(): number {
    return Math.min(...this.#layers.map(layer => layer?.length ?? 0))
  }

  /** Places of the tokens that are kept. */
  get indices(): Int32Array {
    return this.#placesOf(this.length)
  }

  reorder(rows: readonly number[]): void {
    const index = tensor([...rows], { dtype: 'int32' })
    for (const layer of this.#layers)
      if (layer) {
        layer.k = replaced(layer.k, indexSelect(layer.k, 0, index))
        layer.v = replaced(layer.v, indexSelect(layer.v, 0, index))
      }
  }

  tensors(): readonly TensorLike[] {
    return this.#layers.flatMap(layer => (layer ? [layer.k, layer.v] : []))
  }

  #placesOf(length: number): Int32Array {
    return this.#keepAll ? Int32Array.from({ length }, (_, i) => i) : retained(length, this.#window)
  }

  /**
   * Adds new tokens to a layer.
   * @param k [B, H, T, D], not rotated
   * @param v [B, H, T, Dv]
   * @returns what these tokens may attend to
   * @throws {SurprisalError} `argument` for a layer that there is not
   */
  append(layer: number, k: Tensor, v: Tensor): LambdaEntries {
    const known = this.#layers[layer]
    if (known === undefined)
      throw new SurprisalError(
        'argument',
        `LambdaKVCache: layer must be from 0 to ${this.#layers.length - 1}, got ${layer}`,
      )
    const start = known?.length ?? 0
    const length = start + k.shape[2]
    const places = [...this.#placesOf(start), ...Array.from({ length: k.shape[2] }, (_, i) => start + i)]
    const keyPositions = Int32Array.from(places)
    const all = [k, v].map((x, i) => (known ? cat([i === 0 ? known.k : known.v, x], { dim: 2 }) : x))
    const kept = this.#placesOf(length)
    const first = Math.min(kept.length, this.#window.globalTokens)
    const keep = (x: Tensor): Tensor => {
      const size = x.shape[2]
      if (size === kept.length) return x
      return cat([x.narrow(2, 0, first), x.narrow(2, size - (kept.length - first), kept.length - first)], { dim: 2 })
    }
    const cells = all.map(keep)
    this.#layers[layer] = {
      k: replaced(known?.k, cells[0]),
      v: replaced(known?.v, cells[1]),
      length,
    }
    return { k: all[0], v: all[1], keyPositions }
  }
}

/** A cell with the value: the one before where the shape is the same, so that its memory is used again. */
function replaced(cell: Parameter | undefined, value: Tensor): Parameter {
  if (cell?.shape.join() !== value.shape.join()) return new Parameter(value, { requiresGrad: false })
  cell.assign(value)
  return cell
}
