import {
  arange,
  isTensor,
  log,
  Module,
  SurprisalError,
  softmax,
  type Tensor,
  type TensorLike,
  where,
} from '@surprisal/tensor'
import { requireTensor } from '../_shared/positional.ts'
import { requireWhole } from '../_shared/require.ts'
import type { LanguageModel, LanguageModelOptions } from '../generation/language-model.ts'
import { embedding } from '../layers/embedding.ts'
import { Llama } from '../models/llama.ts'
import { type LambdaWindow, lambdaAttention, lambdaScores, requireWindow } from './lambda-attention.ts'
import { LambdaKVCache } from './lambda-cache.ts'

/** Options of {@link convertToLmInfinite}. */
export interface LmInfiniteOptions extends Partial<LambdaWindow> {
  /** Distances count as no more than this. @default localTokens */
  limitDistance?: number
  /** Further keys that the last token sees, by head; the cache then keeps all keys. @default 0 */
  middleTopK?: number
  /** First layer that does so. @default 5 */
  middleFromLayer?: number
}

type Layer = Llama['model']['layers'][number]

/** A decoder that reads texts of any length, with the weights of one that was trained on short ones. */
export class LmInfinite extends Module implements LanguageModel {
  /** The model whose weights it reads. */
  base: Llama
  readonly #options: Required<LmInfiniteOptions>

  /** @throws {SurprisalError} as {@link convertToLmInfinite} does */
  constructor(base: Llama, options: LmInfiniteOptions = {}) {
    super()
    const op = 'convertToLmInfinite'
    if (!(base instanceof Llama))
      throw new SurprisalError(
        'argument',
        `${op}: model must have relative positions (a Llama), got ${(base as object)?.constructor?.name ?? base}`,
      )
    if (base.config.ropeScaling)
      throw new SurprisalError('argument', `${op}: model must have no ropeScaling, got ${base.config.ropeScaling.type}`)
    const { localTokens = base.config.maxPositionEmbeddings, middleTopK = 0, middleFromLayer = 5 } = options
    const window = requireWindow(op, { ...options, localTokens })
    const { limitDistance = localTokens } = options
    requireWhole(op, 'limitDistance', limitDistance, 1)
    requireWhole(op, 'middleTopK', middleTopK)
    requireWhole(op, 'middleFromLayer', middleFromLayer)
    this.base = base
    this.#options = { ...window, limitDistance, middleTopK, middleFromLayer }
  }

  /** Window, limit and search, with defaults filled in. */
  get options(): Readonly<Required<LmInfiniteOptions>> {
    return this.#options
  }

  /**
   * @param ids int32 [B, T], any T
   * @returns logits [B, T, vocabSize]
   * @throws {SurprisalError} `shape` unless ids are [B, T], `argument` for a padded batch or another kind of cache
   */
  override forward(ids: TensorLike, { cache, attentionMask }: LanguageModelOptions = {}): Tensor {
    const op = 'LmInfinite.forward'
    if (attentionMask) throw new SurprisalError('argument', `${op}: attentionMask must be left out (no padding)`)
    if (cache && !(cache instanceof LambdaKVCache))
      throw new SurprisalError('argument', `${op}: cache must be a LambdaKVCache, got another one`)
    const { middleTopK, middleFromLayer, ...window } = this.#options
    const ropeBase = this.base.config.ropeTheta
    return decode(op, this.base, ids, ({ q, k, v }, layer) => {
      const entries = cache?.append(layer, k, v) ?? { k, v }
      const search = layer >= middleFromLayer ? middleTopK : 0
      return lambdaAttention(q, entries.k, entries.v, { ...window, ...entries, ropeBase, middleTopK: search })
    })
  }

  createCache(): LambdaKVCache {
    const { middleTopK, globalTokens, localTokens } = this.#options
    const { numHiddenLayers: numLayers } = this.base.config
    return new LambdaKVCache({ globalTokens, localTokens, numLayers, keepAll: middleTopK > 0 })
  }
}

/**
 * A model of rotary positions that reads and writes texts of any length in constant memory, without further training:
 * each token sees the first ones and a window of the last ones, at distances that the model has met. The weights are
 * shared, not copied.
 * @throws {SurprisalError} `argument` for a model with absolute positions or stretched rotary ones, or counts out of
 * their range
 * @see Han et al., "LM-Infinite: Zero-Shot Extreme Length Generalization for Large Language Models", 2024
 */
export function convertToLmInfinite(model: Llama, options: LmInfiniteOptions = {}): LmInfinite {
  return new LmInfinite(model, options)
}

interface Heads {
  q: Tensor
  k: Tensor
  v: Tensor
}

/** Runs the layers of a model with another attention over its own projections, not rotated yet. */
function decode(op: string, base: Llama, given: TensorLike, attend: (heads: Heads, layer: number) => Tensor): Tensor {
  requireTensor(op, 'ids', given)
  const ids = isTensor(given) ? given : given.value
  if (ids.shape.length !== 2)
    throw new SurprisalError('shape', `${op}: ids must be [batch, length], got [${ids.shape.join(', ')}]`)
  const [batch, length] = ids.shape
  const { model, config } = base
  const heads = (x: Tensor): Tensor => x.reshape([batch, length, -1, config.headDim]).transpose(1, 2)
  const step = (x: Tensor, { selfAttn, mlp, inputLayernorm, postAttentionLayernorm }: Layer, layer: number): Tensor => {
    const y = inputLayernorm.forward(x)
    const [q, k, v] = [selfAttn.qProj, selfAttn.kProj, selfAttn.vProj].map(each => heads(each.forward(y)))
    const mixed = attend({ q, k, v }, layer).transpose(1, 2)
    const attended = x.add(selfAttn.oProj.forward(mixed.reshape([batch, length, -1])))
    return attended.add(mlp.forward(postAttentionLayernorm.forward(attended)))
  }
  const x = model.layers.reduce(step, embedding(ids, model.embedTokens.weight))
  return base.lmHead.forward(model.norm.forward(x))
}

/** Attention of a model on a text, by layer and bucket of places. */
export interface AttentionDiagnosis {
  /** Largest absolute score. */
  maxLogit: number[][]
  /** Mean entropy of the weights in nats. */
  entropy: number[][]
  /** Mean weight of the first tokens together. */
  startMass: number[][]
}

/**
 * Why a model falls apart on long texts: scores that explode at distances it has not met, weights spread over too many
 * keys, and what its first tokens take. Needs N x N scores, so the text should be of some thousand tokens at most.
 * @param model a plain model, or a converted one
 * @param ids int32 [B, T]
 * @param options `buckets`: parts of equal length into which places are sorted (8); `startTokens`: how many tokens count
 * as first (those that a converted model always sees, or 10)
 */
export async function diagnose(
  model: Llama | LmInfinite,
  ids: Tensor,
  { buckets = 8, startTokens }: { buckets?: number; startTokens?: number } = {},
): Promise<AttentionDiagnosis> {
  requireWhole('diagnose', 'buckets', buckets, 1)
  const base = model instanceof LmInfinite ? model.base : model
  const length = ids.shape[ids.shape.length - 1]
  const window = model instanceof LmInfinite ? model.options : { globalTokens: 0, localTokens: length }
  const first = startTokens ?? (model instanceof LmInfinite ? model.options.globalTokens : 10)
  const perLayer: Tensor[][] = []
  const logits = decode('diagnose', base, ids, ({ q, k, v }) => {
    const options = { ...window, ropeBase: base.config.ropeTheta }
    const scores = lambdaScores(q, k, { ...options, middleTopK: 0 })
    const seen = scores.greater(Number.NEGATIVE_INFINITY)
    const weights = softmax(scores, { dim: -1 })
    const surprise = where(weights.greater(0), log(where(weights.greater(0), weights, 1)), 0)
    perLayer.push([
      where(seen, scores.abs(), 0).max({ dim: [0, 1, 3] }),
      weights
        .mul(surprise)
        .sum({ dim: -1 })
        .neg()
        .mean({ dim: [0, 1] }),
      where(arange(length).less(first), weights, 0)
        .sum({ dim: -1 })
        .mean({ dim: [0, 1] }),
    ])
    return lambdaAttention(q, k, v, { ...options, middleTopK: 0 })
  })
  logits.dispose()
  const size = Math.ceil(length / buckets)
  const parts = Array.from({ length: Math.ceil(length / size) }, (_, i) => [i * size, Math.min(length, (i + 1) * size)])
  const inBuckets = async (at: number, join: (rows: number[]) => number): Promise<number[][]> =>
    Promise.all(
      perLayer.map(async stats => {
        const rows = Array.from(await stats[at].data())
        return parts.map(([from, to]) => join(rows.slice(from, to)))
      }),
    )
  const mean = (rows: number[]): number => rows.reduce((a, b) => a + b, 0) / rows.length
  return {
    maxLogit: await inBuckets(0, rows => Math.max(...rows)),
    entropy: await inBuckets(1, mean),
    startMass: await inBuckets(2, mean),
  }
}
