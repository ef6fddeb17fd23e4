import { SurprisalError, type Tensor } from '@surprisal/tensor'
import { requireOneOf } from '../_shared/check.ts'
import { requireFloat, requireRank } from '../_shared/tensor-input.ts'

/** Options of {@link spladePool}. */
export interface SpladePoolOptions {
  /**
   * `'max'` over the tokens (SPLADE v2 and v3) or their `'sum'` (v1).
   * @default 'max'
   */
  pooling?: 'max' | 'sum'
}

/**
 * The sparse vector of a text from the vocabulary logits of its tokens:
 *
 * ```
 * w_j = max_i or sum_i of  mask_i * ln(1 + relu(logit_ij))
 * ```
 *
 * Differentiable.
 *
 * @param logits float32 [B, L, V]
 * @param attentionMask int32 or bool [B, L], 0 for padding; null: no padding
 * @returns float32 [B, V], all >= 0
 * @throws {SurprisalError} other shapes, unknown pooling
 * @see Formal et al., "SPLADE v2: Sparse Lexical and Expansion Model for Information Retrieval" (2021)
 * @example
 * await spladePool(tensor([[[0, -1], [2, -3]]]), null).data() // => Float32Array [1.0986123085021973, 0]
 */
export function spladePool(
  logits: Tensor,
  attentionMask: Tensor | null,
  { pooling = 'max' }: SpladePoolOptions = {},
): Tensor {
  requireRank('spladePool', 'logits', logits, ['B', 'L', 'V'])
  requireFloat('spladePool', 'logits', logits)
  requireOneOf('spladePool', 'pooling', pooling, ['max', 'sum'])
  const [B, L] = logits.shape
  let weights = logits.relu().log1p()
  if (attentionMask !== null) {
    requireRank('spladePool', 'attentionMask', attentionMask, ['B', 'L'])
    if (attentionMask.shape[0] !== B || attentionMask.shape[1] !== L) {
      const got = attentionMask.shape.join(', ')
      throw new SurprisalError('shape', `spladePool: attentionMask must have shape [${B}, ${L}], got [${got}]`)
    }
    weights = weights.maskedFill(attentionMask.equal(0).reshape([B, L, 1]), 0)
  }
  return pooling === 'max' ? weights.max({ dim: 1 }) : weights.sum({ dim: 1 })
}
