import { cat, type Tensor, type TensorLike } from '@surprisal/tensor'
import {
  fail,
  floatOf,
  readOptional,
  requirePositive,
  requireSameRows,
  requireWidth,
  rowsOf,
  shapeText,
} from '../_shared/arguments.ts'
import { normalizeRows } from '../_shared/distance.ts'
import { type InBatchOptions, inBatchLosses, maskOf, symmetricLosses, withoutMasked } from '../_shared/in-batch.ts'
import { type ReductionOptions, reduce } from '../_shared/reduce.ts'

/** Options of {@link infoNCELoss}. */
export interface InfoNCELossOptions extends InBatchOptions, ReductionOptions {
  /** Divides the similarities, above 0. @default 0.1 */
  temperature?: number
  /** Averages with the direction from each key back to its query (CLIP); without negatives only. @default false */
  symmetric?: boolean
  /** Whether rows are made unit vectors before. @default true */
  normalize?: boolean
}

const op = 'infoNCELoss'

/**
 * Contrastive cross-entropy of each query between its own key and others: a lower bound of mutual information is
 * maximised.
 *
 * ```text
 * s(x, y) = x . y / temperature, of unit vectors
 * no negatives: loss_i = -s(q_i, k_i) + log sum_j exp(s(q_i, k_j)) over all keys of the batch
 * negatives:    loss_i = -s(q_i, k_i) + log(exp(s(q_i, k_i)) + sum_m exp(s(q_i, n_m)))
 * ```
 *
 * @param query float `[N, D]`
 * @param positiveKey float `[N, D]`, row i belongs to query i
 * @param negatives float `[M, D]`, the same for every query, or `[N, M, D]`, its own for each; when left out, the keys
 * of the other queries. `duplicateMask` is `[N, M]` with negatives, else `[N, N]`
 * @returns a scalar; `[N]` for `reduction: 'none'`
 * @throws {SurprisalError} `shape`, `dtype` or `argument` at the call
 * @see van den Oord et al., Representation Learning with Contrastive Predictive Coding, 2018
 * @see Radford et al., Learning Transferable Visual Models From Natural Language Supervision, 2021 (symmetric)
 */
export function infoNCELoss(query: TensorLike, positiveKey: TensorLike, options?: InfoNCELossOptions): Tensor
export function infoNCELoss(
  query: TensorLike,
  positiveKey: TensorLike,
  negatives: TensorLike | null | undefined,
  options?: InfoNCELossOptions,
): Tensor
export function infoNCELoss(query: TensorLike, positiveKey: TensorLike, ...rest: unknown[]): Tensor {
  const { tensors, options } = readOptional<InfoNCELossOptions>(op, rest, 1)
  const { temperature = 0.1, symmetric = false, normalize = true, reduction } = options
  requirePositive(op, 'temperature', temperature)
  const given = rowsOf(op, 'query', query)
  const key = rowsOf(op, 'positiveKey', positiveKey)
  requireSameRows(op, 'positiveKey', key, 'query', given)
  if (tensors[0] && symmetric) fail('argument', op, 'symmetric must be false with negatives, got true')

  const unit = (x: Tensor): Tensor => (normalize ? normalizeRows(x) : x)
  const q = unit(given).div(temperature)
  const k = unit(key)
  if (!tensors[0]) {
    const logits = q.matmul(k.transpose(0, 1))
    const mask = maskOf(op, options.duplicateMask, logits)
    return reduce(op, symmetric ? symmetricLosses(logits, mask) : inBatchLosses(logits, mask), reduction)
  }
  const others = againstNegatives(q, unit(negativesOf(tensors[0], given)))
  const kept = withoutMasked(others, maskOf(op, options.duplicateMask, others))
  const own = q.mul(k).sum({ dim: -1, keepdim: true })
  const losses = cat([own, kept], { dim: 1 }).logSoftmax().select(1, 0).neg()
  return reduce(op, losses, reduction)
}

function negativesOf(x: TensorLike, query: Tensor): Tensor {
  const negatives = floatOf(op, 'negatives', x)
  if (negatives.ndim !== 2 && !(negatives.ndim === 3 && negatives.shape[0] === query.shape[0]))
    fail('shape', op, `negatives must have shape [M, D] or [N, M, D], got ${shapeText(negatives.shape)}`)
  requireWidth(op, 'negatives', negatives, 'query', query)
  return negatives
}

/** `[N, M]` products with shared negatives or each query's own. */
function againstNegatives(q: Tensor, negatives: Tensor): Tensor {
  if (negatives.ndim === 2) return q.matmul(negatives.transpose(0, 1))
  return negatives.matmul(q.unsqueeze(-1)).squeeze({ dim: -1 })
}
