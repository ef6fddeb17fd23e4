import { arange, maximum, SurprisalError, type Tensor, type TensorLike, tensor } from '@surprisal/tensor'
import { requireTensor, tensorOf } from '../_shared/positional.ts'
import type { LanguageModelOptions } from '../generation/language-model.ts'
import { KVCache } from '../layers/kv-cache.ts'

/** What a decoder reads, checked. */
export interface DecoderInput {
  /** int32 [B, T] */
  readonly ids: Tensor
  /** int32 [T], or [B, T] where rows are padded. */
  readonly positions: Tensor
  /** bool [B, 1, 1, keys] of a number of keys, or null: which are no padding. */
  readonly keyMask: (keys: number) => Tensor | null
  readonly cache: KVCache | null
}

/**
 * Checks ids and options of a decoder, and numbers its tokens: those of padded rows from the first that is no padding.
 * @throws {SurprisalError} `shape` unless ids are [B, T] and the mask [B, n], `argument` for more than `most` tokens
 */
export function decoderInput(op: string, x: TensorLike, options: LanguageModelOptions, most: number): DecoderInput {
  requireTensor(op, 'ids', x)
  const ids = tensorOf(x)
  const text = (shape: readonly number[]) => `[${shape.join(', ')}]`
  if (ids.shape.length !== 2)
    throw new SurprisalError('shape', `${op}: ids must be [batch, length], got ${text(ids.shape)}`)
  const [batch, length] = ids.shape
  const { cache = null, attentionMask } = options
  if (cache && !(cache instanceof KVCache))
    throw new SurprisalError('argument', `${op}: cache must be a KVCache, got another one`)
  const start = cache?.length ?? 0
  if (start + length > most)
    throw new SurprisalError('argument', `${op}: length must be at most ${most}, got ${start + length}`)
  const places = cache ? arange(length).add(tensor([start], { dtype: 'int32' })) : arange(length)
  if (!attentionMask) return { ids, positions: places, keyMask: () => null, cache }
  const mask = tensorOf(attentionMask)
  if (mask.shape.length !== 2 || mask.shape[0] !== batch)
    throw new SurprisalError('shape', `${op}: attentionMask must be [${batch}, n], got ${text(mask.shape)}`)
  const padding = mask.equal(0).cast('int32').sum({ dim: 1, keepdim: true })
  return {
    ids,
    positions: maximum(places.sub(padding), 0),
    keyMask: keys => arange(keys).greaterEqual(padding).reshape([batch, 1, 1, keys]),
    cache,
  }
}
