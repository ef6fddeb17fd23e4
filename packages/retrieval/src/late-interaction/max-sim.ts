import {
  argmax,
  type DefinedOp,
  defineOp,
  gather,
  hostData,
  SurprisalError,
  type Tensor,
  where,
} from '@surprisal/tensor'
import { requireFloat, requireRank } from '../_shared/tensor-input.ts'

/** Options of {@link maxSim}: none so far. */
export type MaxSimOptions = Record<never, never>

/**
 * Late interaction of ColBERT: every query token looks for its best document token.
 *
 * ```
 * score(q, d) = sum_i qm_i * max over j with dm_j = 1 of <q_i, d_j>
 * ```
 *
 * Differentiable; where several document tokens are equally good the gradient goes to the first.
 *
 * @param queries float32 [Q, i, d]
 * @param documents float32 [N, j, d]
 * @param queryMask int32 or bool [Q, i], 0 for tokens that do not count; all count without it
 * @param documentMask int32 or bool [N, j], likewise
 * @returns float32 [Q, N], every query with every document
 * @throws {SurprisalError} other shapes, or a document without any token: at the call where the mask is known then, otherwise at the
 *   read
 * @see Khattab and Zaharia, "ColBERT: Efficient and Effective Passage Search via Contextualized Late Interaction over
 *   BERT" (2020)
 * @example
 * await maxSim(tensor([[[1, 0]]]), tensor([[[0.5, 1], [2, 0]]])).data() // => Float32Array [2]
 */
export function maxSim(
  queries: Tensor,
  documents: Tensor,
  queryMask?: Tensor | null | MaxSimOptions,
  documentMask?: Tensor | null | MaxSimOptions,
): Tensor {
  requireRank('maxSim', 'queries', queries, ['Q', 'i', 'd'])
  requireRank('maxSim', 'documents', documents, ['N', 'j', 'd'])
  requireFloat('maxSim', 'queries', queries)
  requireFloat('maxSim', 'documents', documents)
  const [Q, i, d] = queries.shape
  const [N, j] = documents.shape
  if (documents.shape[2] !== d) {
    throw new SurprisalError('shape', `maxSim: dimension ${d} of queries != ${documents.shape[2]} of documents`)
  }
  const qm = mask('queryMask', queryMask, [Q, i])
  const dm = withTokens(N, j, mask('documentMask', documentMask, [N, j]))

  const similarities = queries.reshape([Q * i, d]).matmul(documents.reshape([N * j, d]).transpose(0, 1))
  let byToken = similarities.reshape([Q, i, N, j])
  if (dm !== undefined) byToken = where(dm.reshape([1, 1, N, j]), byToken, -Infinity)
  const best = gather(byToken, 3, argmax(byToken, { dim: 3, keepdim: true })).reshape([Q, i, N])
  return (qm === undefined ? best : where(qm.reshape([Q, i, 1]), best, 0)).sum({ dim: 1 })
}

/** A mask as bool, or undefined when it is absent; the options object may stand in its place. */
function mask(argument: string, value: Tensor | null | undefined | MaxSimOptions, shape: number[]): Tensor | undefined {
  if (value === undefined || value === null || !('shape' in value)) return undefined
  if (value.shape.length !== 2 || value.shape[0] !== shape[0] || value.shape[1] !== shape[1]) {
    const [expected, got] = [shape, value.shape].map(dims => `[${dims.join(', ')}]`)
    throw new SurprisalError('shape', `maxSim: ${argument} must have shape ${expected}, got ${got}`)
  }
  return value.notEqual(0)
}

/** The mask, in which every document must have a token. */
function withTokens(documents: number, tokens: number, mask: Tensor | undefined): Tensor | undefined {
  const data = mask && hostData(mask)
  if (data === null) return checkLater([mask as Tensor])[0]
  requireTokens(documents, tokens, data)
  return mask
}

const checkLater: DefinedOp<Record<string, never>> = defineOp({
  name: 'maxSim',
  infer: inputs => inputs,
  reference: ([mask], [out]) => {
    const [documents, tokens] = mask.shape
    requireTokens(documents, tokens, mask.data)
    out.set(mask.data)
  },
})

function requireTokens(documents: number, tokens: number, data: ArrayLike<number> | undefined): void {
  for (let n = 0; n < documents; n++) {
    let isPresent = data === undefined && tokens > 0
    for (let j = 0; j < tokens && data; j++) isPresent ||= data[n * tokens + j] !== 0
    if (!isPresent) throw new SurprisalError('argument', `maxSim: document ${n} must have at least one token, got none`)
  }
}
