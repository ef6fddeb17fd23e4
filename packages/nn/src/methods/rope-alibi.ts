import {
  arange,
  Module,
  matmul,
  narrow,
  Parameter,
  type RandomKey,
  SurprisalError,
  softmax,
  softplus,
  splitKey,
  type Tensor,
  type TensorLike,
  tensor,
  where,
} from '@surprisal/tensor'
import { requireTensor } from '../_shared/positional.ts'
import { requireOneOf, requireWhole } from '../_shared/require.ts'
import type { KVCache } from '../layers/kv-cache.ts'
import { Linear } from '../layers/linear.ts'
import { applyRotaryEmbedding } from '../layers/rotary-embedding.ts'
import { scaledDotProductAttention } from '../layers/scaled-dot-product-attention.ts'
import {
  biasOf,
  distancesOf,
  type HarmonicBiasOptions,
  type HarmonicSlopes,
  relativePlaces,
  requireNotLonger,
  slopesOf,
} from './harmonic-bias.ts'

/** Options of {@link ropeAlibiAttention}. */
export interface RopeAlibiOptions extends HarmonicBiasOptions {
  /** Base of the rotary frequencies. @default 10000 */
  base?: number
  /** Add the bias to the scores, or divide them by 1 + slope * g(distance). @default 'additive' */
  mode?: 'additive' | 'multiplicative'
}

/**
 * Attention whose scores are those of rotary embeddings and fall with the distance: in the weights the two are factors,
 * and with harmonic numbers as distances the second is a power law, (1.78 distance)^-slope, so that far tokens keep
 * some weight.
 *
 * scores = (R q) (R k)^T / sqrt(D) - slope_h H(distance)
 *
 * @param q [B, H, Tq, D], D even; the last Tq of all places
 * @param k [B, Hkv, Tk, D], not rotated; Hkv divides H
 * @param v [B, Hkv, Tk, Dv]
 * @returns [B, H, Tq, Dv]
 * @throws {SurprisalError} `argument` for an odd D, more queries than keys (causal) or wrong slopes, `shape` for heads
 * and sizes that do not fit
 * @see Su et al., "RoFormer", 2021; Press, Smith and Lewis, "Train Short, Test Long", 2022; "The Nature of Mathematical
 * Modeling and Probabilistic Optimization Engineering in Generative AI", 2024 (their combination)
 */
export function ropeAlibiAttention(q: Tensor, k: Tensor, v: Tensor, options: RopeAlibiOptions = {}): Tensor {
  const op = 'ropeAlibiAttention'
  for (const [name, x] of Object.entries({ q, k, v })) {
    requireTensor(op, name, x)
    if (x.shape.length !== 4)
      throw new SurprisalError(
        'shape',
        `${op}: ${name} must be [batch, heads, length, size], got [${x.shape.join(', ')}]`,
      )
  }
  return attend(op, q, k, v, slopesOf(op, q.shape[1], options.slopes ?? 'harmonic'), options)
}

function attend(op: string, q: Tensor, k: Tensor, v: Tensor, slopes: Tensor, options: RopeAlibiOptions): Tensor {
  const { base = 10000, causal = true, mode = 'additive', distance = 'harmonic' } = options
  const [batch, heads, queries, size] = q.shape
  const [, kvHeads, keys] = k.shape
  requireOneOf(op, 'mode', mode, ['additive', 'multiplicative'])
  requireNotLonger(op, queries, keys, causal)
  if (size % 2 !== 0) throw new SurprisalError('argument', `${op}: D must be even, got ${size}`)
  if (heads % kvHeads !== 0)
    throw new SurprisalError('shape', `${op}: heads of k must divide the ${heads} of q, got ${kvHeads}`)
  const rotate = (x: Tensor, from: number): Tensor =>
    applyRotaryEmbedding(x, arange(from, from + x.shape[2], { dtype: 'int32' }), { base })
  const [turned, keysTurned] = [rotate(q, keys - queries), rotate(k, 0)]
  if (mode === 'additive') {
    const attnMask = biasOf(op, slopes, queries, keys, { distance, causal })
    return scaledDotProductAttention(turned, keysTurned, v, { attnMask, enableGqa: true })
  }
  const groups = heads / kvHeads
  const shared = (x: Tensor): Tensor =>
    groups === 1
      ? x
      : x
          .unsqueeze(2)
          .expand([batch, kvHeads, groups, ...x.shape.slice(2)])
          .reshape([batch, heads, ...x.shape.slice(2)])
  const raw = matmul(turned, shared(keysTurned).transpose(-2, -1)).mul(1 / Math.sqrt(size))
  const scores = raw.div(
    slopes
      .reshape([-1, 1, 1])
      .mul(distancesOf(queries, keys, distance))
      .add(1),
  )
  const seen = causal ? where(relativePlaces(queries, keys).less(0), Number.NEGATIVE_INFINITY, scores) : scores
  return matmul(softmax(seen, { dim: -1 }), shared(v))
}

/** Options of {@link RopeAlibiAttention}. */
export interface RopeAlibiModuleOptions extends Omit<RopeAlibiOptions, 'slopes'> {
  embedDim: number
  numHeads: number
  /** Heads of keys and values, a divisor of numHeads. @default numHeads */
  numKvHeads?: number
  /** 'learned': softplus of a parameter that begins at the harmonic slopes. @default 'harmonic' */
  slopes?: 'learned' | HarmonicSlopes
  /** Number of the layer in a cache. @default 0 */
  layer?: number
  /** Key of the initial weights, or its seed. */
  key: RandomKey | number
}

/** Self-attention by {@link ropeAlibiAttention}, with projections. Keys are kept in a cache as they are, not rotated. */
export class RopeAlibiAttention extends Module {
  qProj: Linear
  kProj: Linear
  vProj: Linear
  oProj: Linear
  /** [numHeads], whose softplus the slopes are; null unless they are learned. */
  slopeLogits: Parameter | null
  readonly #options: RopeAlibiModuleOptions

  /** @throws {SurprisalError} `argument` for sizes that do not divide one another */
  constructor(options: RopeAlibiModuleOptions) {
    super()
    const op = 'RopeAlibiAttention'
    const { embedDim, numHeads, numKvHeads = numHeads, slopes, key } = options
    for (const [name, value] of Object.entries({ embedDim, numHeads, numKvHeads })) requireWhole(op, name, value, 1)
    if (embedDim % numHeads !== 0 || numHeads % numKvHeads !== 0)
      throw new SurprisalError(
        'argument',
        `${op}: numHeads must divide embedDim and be divided by numKvHeads, got ${embedDim}, ${numHeads} and ${numKvHeads}`,
      )
    const kvDim = (embedDim / numHeads) * numKvHeads
    const [queryKey, keyKey, valueKey, outputKey] = splitKey(key, 4)
    this.qProj = new Linear(embedDim, embedDim, { key: queryKey, bias: false })
    this.kProj = new Linear(embedDim, kvDim, { key: keyKey, bias: false })
    this.vProj = new Linear(embedDim, kvDim, { key: valueKey, bias: false })
    this.oProj = new Linear(embedDim, embedDim, { key: outputKey, bias: false })
    const first = Array.from({ length: numHeads }, (_, h) => Math.log(Math.expm1(1 / (h + 1))))
    this.slopeLogits = slopes === 'learned' ? new Parameter(tensor(first)) : null
    this.#options = options
  }

  /**
   * @param x [B, T, embedDim]
   * @param cache of the places before
   * @returns [B, T, embedDim]
   */
  override forward(x: TensorLike, cache?: KVCache): Tensor {
    const { numHeads, numKvHeads = numHeads, embedDim, layer = 0, slopes = 'harmonic', ...options } = this.#options
    const [batch, length] = x.shape
    const heads = (projected: Tensor, count: number): Tensor =>
      projected.reshape([batch, length, count, embedDim / numHeads]).transpose(1, 2)
    const q = heads(this.qProj.forward(x), numHeads)
    const own = { k: heads(this.kProj.forward(x), numKvHeads), v: heads(this.vProj.forward(x), numKvHeads) }
    const places = (cache?.length ?? 0) + length
    const all = cache ? cache.append(layer, own.k, own.v) : own
    const [k, v] = [all.k, all.v].map(each => narrow(each, 2, 0, places))
    const op = 'RopeAlibiAttention'
    const weights = this.slopeLogits ? softplus(this.slopeLogits) : slopesOf(op, numHeads, slopes as HarmonicSlopes)
    const mixed = attend(op, q, k, v, weights, options)
    return this.oProj.forward(mixed.transpose(1, 2).reshape([batch, length, embedDim]))
  }
}
