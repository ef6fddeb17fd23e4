import { matmul, type RandomKey, SurprisalError, softmax, type Tensor, type TensorLike } from '@surprisal/tensor'
import { requireTensor, tensorOf } from '../_shared/positional.ts'
import { checkScoreOptions, maskedScores, mayBeEmpty, type ScoreOptions, softmaxOrZeros } from './attention-scores.ts'
import { dropout } from './dropout.ts'

/** Options of {@link scaledDotProductAttention}. */
export interface AttentionOptions extends ScoreOptions {
  /** What scores are multiplied by. @default 1 / sqrt(D) */
  scale?: number
  /** Heads of keys and values are shared by as many heads of queries each. @default false */
  enableGqa?: boolean
  /** Probability with which a weight is dropped; needs `seed`. @default 0 */
  dropoutP?: number
  /** Random key of what is dropped, or its seed. */
  seed?: RandomKey | number
}

const text = (shape: readonly number[]): string => `[${shape.join(', ')}]`

/**
 * softmax(q k^T * scale + bias) v. Scores are made and used up by blocks of rows where they are large, forward and
 * backward, so that memory stays linear in the length. A query with nothing to attend to gives zeros, and no gradient.
 *
 * @param query [B, H, Tq, D]
 * @param key [B, Hkv, Tk, D]; Hkv is H, or with `enableGqa` a divisor of it: query head h reads head floor(h / (H / Hkv))
 * @param value [B, Hkv, Tk, Dv]
 * @returns [B, H, Tq, Dv]
 * @throws {SurprisalError} `shape` where the shapes do not fit, `argument` for an option out of its range
 * @see Vaswani et al., "Attention Is All You Need", 2017; Dao et al., "FlashAttention", 2022
 */
export function scaledDotProductAttention(
  query: TensorLike,
  key: TensorLike,
  value: TensorLike,
  options: AttentionOptions = {},
): Tensor {
  const op = 'scaledDotProductAttention'
  const [q, k, v] = Object.entries({ query, key, value }).map(([name, x]) => {
    requireTensor(op, name, x)
    if (x.shape.length !== 4)
      throw new SurprisalError('shape', `${op}: ${name} must be [batch, heads, length, size], got ${text(x.shape)}`)
    return tensorOf(x)
  }) as [Tensor, Tensor, Tensor]
  const [batch, heads, queries, size] = q.shape
  const [, kvHeads, keys] = k.shape
  const { scale = 1 / Math.sqrt(size), enableGqa = false, dropoutP = 0, seed } = options
  if (k.shape[0] !== batch || k.shape[3] !== size)
    throw new SurprisalError('shape', `${op}: key must be [${batch}, heads, length, ${size}], got ${text(k.shape)}`)
  if (v.shape.slice(0, 3).some((n, i) => n !== k.shape[i]))
    throw new SurprisalError(
      'shape',
      `${op}: value must be [${k.shape.slice(0, 3).join(', ')}, size], got ${text(v.shape)}`,
    )
  if (enableGqa ? heads % kvHeads !== 0 : heads !== kvHeads)
    throw new SurprisalError(
      'shape',
      `${op}: heads of key must ${enableGqa ? 'divide' : 'be'} the ${heads} of query, got ${kvHeads}`,
    )
  checkScoreOptions(op, [batch, heads, queries, keys], options)
  const groups = heads / kvHeads
  // Each head of keys is read by the queries of its group, without a copy.
  const grouped = groups === 1 ? q : q.reshape([batch, kvHeads, groups, queries, size])
  const [ks, vs] = groups === 1 ? [k, v] : [k.unsqueeze(2), v.unsqueeze(2)]
  const raw = matmul(grouped, ks.transpose(-2, -1)).mul(scale)
  const scores = maskedScores(groups === 1 ? raw : raw.reshape([batch, heads, queries, keys]), options)
  let weights = mayBeEmpty(queries, keys, options) ? softmaxOrZeros(scores) : softmax(scores, { dim: -1 })
  if (dropoutP > 0) weights = dropout(weights, dropoutP, { training: true, ...(seed !== undefined && { key: seed }) })
  if (groups === 1) return matmul(weights, vs)
  const mixed = matmul(weights.reshape([batch, kvHeads, groups, queries, keys]), vs)
  return mixed.reshape([batch, heads, queries, v.shape[3]])
}
