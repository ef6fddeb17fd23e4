import {
  arange,
  cat,
  isTensor,
  matmul,
  minimum,
  pad,
  SurprisalError,
  softmax,
  type Tensor,
  type TensorLike,
  tensor,
  topk,
  where,
  zeros,
} from '@surprisal/tensor'
import { requireTensor } from '../_shared/positional.ts'
import { requireOneOf, requireWhole } from '../_shared/require.ts'
import { applyRotaryEmbedding } from '../layers/rotary-embedding.ts'

/** Which keys are seen. */
export interface LambdaWindow {
  /** First tokens that are always seen. @default 10 */
  globalTokens?: number
  /** Last tokens that are seen, the query's own among them; the length that the model was trained with. */
  localTokens: number
}

/** Options of {@link lambdaAttention}. */
export interface LambdaAttentionOptions extends LambdaWindow {
  /** Distances count as no more than this. @default localTokens */
  limitDistance?: number
  /** How distances enter: q and k are then not rotated yet. @default 'rope' */
  positional?: 'rope' | 'alibi' | 'none'
  /** @default 10000 */
  ropeBase?: number
  /** [H], for 'alibi'. */
  alibiSlopes?: TensorLike | readonly number[]
  /** Further keys that the last query sees, those between with the largest scores, by head. @default 0 */
  middleTopK?: number
  /** Distance that they count as. @default half of limitDistance */
  middleDistance?: number
  /** @default 1 / sqrt(D) */
  scale?: number
  /** Ascending places of the keys, as a `LambdaKVCache` gives them; the queries are the last. @default 0, 1, ... */
  keyPositions?: Int32Array
}

type Settings = Required<Omit<LambdaAttentionOptions, 'alibiSlopes' | 'keyPositions'>> & { slopes: Tensor | null }

/** @throws {SurprisalError} `argument` for counts out of their range */
export function requireWindow(op: string, { globalTokens = 10, localTokens }: LambdaWindow): Required<LambdaWindow> {
  requireWhole(op, 'globalTokens', globalTokens)
  requireWhole(op, 'localTokens', localTokens, 1)
  return { globalTokens, localTokens }
}

/**
 * Which keys the last queries see: the first `globalTokens` and those less than `localTokens` back, never later ones.
 * @returns bool [queryLength, keyLength]
 * @throws {SurprisalError} `argument` for counts out of their range or more queries than keys
 */
export function lambdaMask(queryLength: number, keyLength: number, window: LambdaWindow): Tensor {
  const { globalTokens, localTokens } = requireWindow('lambdaMask', window)
  requireLengths('lambdaMask', queryLength, keyLength)
  const key = arange(keyLength)
  return visible(arange(keyLength - queryLength, keyLength).unsqueeze(1), key, globalTokens, localTokens)
}

/** Seen and not: places of queries [.., Tq, 1] against those of keys. */
function visible(query: Tensor, key: Tensor, globalTokens: number, localTokens: number): Tensor {
  const back = query.sub(key)
  return back.greaterEqual(0).logicalAnd(key.less(globalTokens).logicalOr(back.less(localTokens)))
}

function requireLengths(op: string, queries: number, keys: number): void {
  if (queries > keys)
    throw new SurprisalError('argument', `${op}: queryLength must be at most keyLength ${keys}, got ${queries}`)
}

/**
 * Attention for texts of any length by a model that was trained on short ones: a query sees the first tokens and a
 * window of the last ones, and no distance counts as more than the model has met. Without `middleTopK`, time is
 * linear in the length.
 *
 * scores = q R(min(distance, limit)) k^T * scale, with rotary embedding
 *
 * @param query [B, H, Tq, D], not rotated; the last Tq places
 * @param key [B, Hkv, Tk, D], not rotated; Hkv divides H
 * @param value [B, Hkv, Tk, Dv]
 * @returns [B, H, Tq, Dv]
 * @throws {SurprisalError} `argument` for counts out of their range, an odd D with 'rope' or missing slopes with
 * 'alibi'; `shape` for heads and sizes that do not fit
 * @see Han et al., "LM-Infinite: Zero-Shot Extreme Length Generalization for Large Language Models", 2024
 */
export function lambdaAttention(query: Tensor, key: Tensor, value: Tensor, options: LambdaAttentionOptions): Tensor {
  const op = 'lambdaAttention'
  const settings = settingsOf(op, query, key, value, options)
  const [, heads, queries] = query.shape
  const [k, v] = [key, value].map(x => shared(x, heads))
  const keys = k.shape[2]
  const { keyPositions } = options
  if (keyPositions && keyPositions.length !== keys)
    throw new SurprisalError('argument', `${op}: keyPositions must be ${keys}, got ${keyPositions.length}`)
  const isLong = !keyPositions && queries === keys && keys > 2 * settings.localTokens
  if (settings.middleTopK === 0)
    return isLong ? byBlocks(query, k, v, settings) : dense(query, k, v, settings, keyPositions, false)
  const last = dense(query.narrow(2, queries - 1, 1), k, v, settings, keyPositions, true)
  if (queries === 1) return last
  const before = { ...options, middleTopK: 0 }
  return cat([lambdaAttention(query, key, value, before).narrow(2, 0, queries - 1), last], { dim: 2 })
}

/** Each head of keys for all heads of its group. */
function shared(x: Tensor, heads: number): Tensor {
  const [batch, kvHeads, length, size] = x.shape
  if (kvHeads === heads) return x
  const groups = heads / kvHeads
  return x.unsqueeze(2).expand([batch, kvHeads, groups, length, size]).reshape([batch, heads, length, size])
}

function settingsOf(op: string, q: Tensor, k: Tensor, v: Tensor, options: LambdaAttentionOptions): Settings {
  const text = (x: Tensor): string => `[${x.shape.join(', ')}]`
  for (const [name, x] of Object.entries({ query: q, key: k, value: v })) {
    requireTensor(op, name, x)
    if (x.shape.length !== 4)
      throw new SurprisalError('shape', `${op}: ${name} must be [batch, heads, length, size], got ${text(x)}`)
  }
  const { globalTokens, localTokens } = requireWindow(op, options)
  const { limitDistance = localTokens, positional = 'rope', ropeBase = 10000, middleTopK = 0 } = options
  const { middleDistance = Math.max(1, Math.floor(limitDistance / 2)), alibiSlopes } = options
  const [, heads, queries, size] = q.shape
  requireWhole(op, 'limitDistance', limitDistance, 1)
  requireWhole(op, 'middleTopK', middleTopK)
  requireWhole(op, 'middleDistance', middleDistance, 1)
  requireOneOf(op, 'positional', positional, ['rope', 'alibi', 'none'])
  requireLengths(op, queries, k.shape[2])
  if (heads % k.shape[1] !== 0)
    throw new SurprisalError('shape', `${op}: heads of key must divide the ${heads} of query, got ${k.shape[1]}`)
  if (k.shape[3] !== size || v.shape[1] !== k.shape[1] || v.shape[2] !== k.shape[2])
    throw new SurprisalError('shape', `${op}: key and value must fit query ${text(q)}, got ${text(k)} and ${text(v)}`)
  if (positional === 'rope' && size % 2 !== 0)
    throw new SurprisalError('argument', `${op}: D must be even with rope, got ${size}`)
  const slopes = positional === 'alibi' ? slopesOf(op, alibiSlopes, heads) : null
  const { scale = 1 / Math.sqrt(size) } = options
  return { globalTokens, localTokens, limitDistance, positional, ropeBase, middleTopK, middleDistance, scale, slopes }
}

function slopesOf(op: string, slopes: LambdaAttentionOptions['alibiSlopes'], heads: number): Tensor {
  const given = isTensor(slopes) ? slopes : Array.isArray(slopes) ? tensor(slopes as number[]) : null
  if (given?.shape.join() !== String(heads))
    throw new SurprisalError(
      'argument',
      `${op}: alibiSlopes must be ${heads} numbers with alibi, got ${given ? `[${given.shape.join(', ')}]` : 'none'}`,
    )
  return given
}

/**
 * Scores of keys by their distance, at most the limit.
 * @param q [.., Tq, D]
 * @param k [.., Tk, D]
 * @param query places of queries, [Tq]; equal shifts of all places change nothing
 * @param key places of keys, [Tk]
 * @param back true distances, broadcast to the scores
 */
function scoresOf(q: Tensor, k: Tensor, query: Tensor, key: Tensor, back: Tensor, settings: Settings): Tensor {
  const { limitDistance, positional, ropeBase, scale, slopes } = settings
  const product = (a: Tensor, b: Tensor): Tensor => matmul(a, b.transpose(-2, -1)).mul(scale)
  if (positional !== 'rope') {
    const scores = product(q, k)
    if (!slopes) return scores
    const perHead = slopes.reshape([-1, ...new Array(q.shape.length - 2).fill(1)])
    return scores.sub(minimum(back, limitDistance).mul(perHead))
  }
  const rotate = (x: Tensor, places: Tensor): Tensor => applyRotaryEmbedding(x, places, { base: ropeBase })
  const near = product(rotate(q, query), rotate(k, key))
  const far = product(rotate(q, query.mul(0).add(limitDistance)), k)
  return where(back.less(limitDistance), near, far)
}

const hidden = (scores: Tensor, seen: Tensor): Tensor => where(seen, scores, Number.NEGATIVE_INFINITY)

/** One softmax over all parts. */
function mixed(parts: readonly { scores: Tensor; values: Tensor }[]): Tensor {
  const weights = softmax(
    cat(
      parts.map(part => part.scores),
      { dim: -1 },
    ),
    { dim: -1 },
  )
  return matmul(
    weights,
    cat(
      parts.map(part => part.values),
      { dim: -2 },
    ),
  )
}

/**
 * The scores of all keys, -Infinity for those that are not seen, for a look into a model: N x N of them.
 * @param query [B, H, Tq, D], and key [B, Hkv, Tk, D], as in {@link lambdaAttention}
 * @returns [B, H, Tq, Tk]
 */
export function lambdaScores(query: Tensor, key: Tensor, options: LambdaAttentionOptions): Tensor {
  const settings = settingsOf('lambdaScores', query, key, key, options)
  return seenScores(query, shared(key, query.shape[1]), settings, undefined)
}

function seenScores(q: Tensor, k: Tensor, settings: Settings, keyPositions: Int32Array | undefined): Tensor {
  const { globalTokens, localTokens, limitDistance } = settings
  const [queries, keys] = [q.shape[2], k.shape[2]]
  const { key, query } = placesOf(queries, keys, keyPositions)
  const back = query.unsqueeze(1).sub(key)
  // Large angles lose digits: where no global token is near, places are counted from the first local one.
  const first = keyPositions?.[keys - queries] ?? keys - queries
  const shift = first - globalTokens >= limitDistance ? Math.max(0, first - localTokens) : 0
  return hidden(
    scoresOf(q, k, query.sub(shift), key.sub(shift), back, settings),
    visible(query.unsqueeze(1), key, globalTokens, localTokens),
  )
}

function placesOf(queries: number, keys: number, given: Int32Array | undefined): { key: Tensor; query: Tensor } {
  const key = given ? tensor(given) : arange(keys)
  return { key, query: key.narrow(0, keys - queries, queries) }
}

function dense(
  q: Tensor,
  k: Tensor,
  v: Tensor,
  settings: Settings,
  keyPositions: Int32Array | undefined,
  withMiddle: boolean,
): Tensor {
  const own = { scores: seenScores(q, k, settings, keyPositions), values: v }
  if (!withMiddle) return mixed([own])
  const { key, query } = placesOf(q.shape[2], k.shape[2], keyPositions)
  return mixed([own, ...middleOf(q, k, v, key, query, settings)])
}

/** The keys between that the last query finds by their scores at one distance; none where there is none between. */
function middleOf(
  q: Tensor,
  k: Tensor,
  v: Tensor,
  key: Tensor,
  query: Tensor,
  settings: Settings,
): { scores: Tensor; values: Tensor }[] {
  const { globalTokens, localTokens, middleTopK, middleDistance } = settings
  const [batch, heads, keys] = k.shape
  const count = Math.min(middleTopK, keys - globalTokens - localTokens)
  if (count < 1) return []
  const fixed = key.mul(0)
  const all = scoresOf(q, k, query.mul(0).add(middleDistance), fixed, fixed.add(middleDistance), {
    ...settings,
    limitDistance: middleDistance,
  })
  const between = key.greaterEqual(globalTokens).logicalAnd(query.sub(key).greaterEqual(localTokens))
  const { values, indices } = topk(hidden(all, between), count)
  const rows = indices.reshape([batch, heads, count, 1]).expand([batch, heads, count, v.shape[3]])
  return [{ scores: values, values: v.gather(2, rows) }]
}

/** The same for a whole text: each block of `localTokens` queries against itself, the block before and the globals. */
function byBlocks(q: Tensor, k: Tensor, v: Tensor, settings: Settings): Tensor {
  const { globalTokens, localTokens, limitDistance } = settings
  const [batch, heads, length] = q.shape
  const count = Math.ceil(length / localTokens)
  const padded = count * localTokens
  const blocks = (x: Tensor): Tensor =>
    pad(x, [0, 0, 0, padded - length]).reshape([batch, heads, count, localTokens, x.shape[3]])
  const withPrevious = (x: Tensor): Tensor => {
    const own = blocks(x)
    const previous = cat([zeros([batch, heads, 1, localTokens, x.shape[3]]), own.narrow(2, 0, count - 1)], { dim: 2 })
    return cat([previous, own], { dim: 3 })
  }
  const qs = blocks(q)
  const column = arange(2 * localTokens)
  const row = arange(localTokens, 2 * localTokens)
  const back = row.unsqueeze(1).sub(column)
  const block = arange(count).reshape([count, 1, 1])
  const isText = block.greater(0).logicalOr(column.greaterEqual(localTokens))
  const inWindow = back.greaterEqual(0).logicalAnd(back.less(localTokens)).logicalAnd(isText)
  const local = hidden(scoresOf(qs, withPrevious(k), row, column, back, settings), inWindow)
  const parts = [{ scores: local, values: withPrevious(v) }]
  const globals = Math.min(globalTokens, length)
  if (globals > 0) {
    const place = block.mul(localTokens).add(arange(localTokens).unsqueeze(1))
    const key = arange(globals)
    const toGlobal = place.sub(key)
    const first = (x: Tensor): Tensor =>
      x.narrow(2, 0, globals).unsqueeze(2).expand([batch, heads, count, globals, x.shape[3]])
    // Later rows are beyond the limit, where the place of the query no longer counts.
    const flat = minimum(arange(padded), limitDistance + globals)
    const scores = scoresOf(
      qs.reshape([batch, heads, padded, q.shape[3]]),
      k.narrow(2, 0, globals),
      flat,
      key,
      toGlobal.reshape([padded, globals]),
      settings,
    ).reshape([batch, heads, count, localTokens, globals])
    parts.unshift({ scores: hidden(scores, toGlobal.greaterEqual(localTokens)), values: first(v) })
  }
  return mixed(parts).reshape([batch, heads, padded, v.shape[3]]).narrow(2, 0, length)
}
