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
import { type Distance, similarity } from '../_shared/distance.ts'
import { type InBatchOptions, inBatchLosses, maskOf, symmetricLosses } from '../_shared/in-batch.ts'
import { type ReductionOptions, reduce } from '../_shared/reduce.ts'

/** Options of {@link multipleNegativesRankingLoss}. */
export interface MultipleNegativesRankingLossOptions extends InBatchOptions, ReductionOptions {
  /** Factor of the similarities, the inverse of a temperature. @default 20 */
  scale?: number
  /** How similar two embeddings are; a distance is negated. @default 'cosine' */
  distance?: Distance
  /** Adds the direction from each positive back to its anchor, averaged. @default false */
  symmetric?: boolean
}

const op = 'multipleNegativesRankingLoss'

/**
 * For pairs of what belongs together (question and answer, word and gloss): every anchor must find its positive among
 * the positives of the whole batch, and the hard negatives.
 *
 * ```text
 * s_ij = scale sim(a_i, c_j),  c = [positives; hardNegatives]
 * loss_i = -s_ii + log sum_j exp(s_ij)
 * symmetric: (loss_i + the same with anchors and positives exchanged, without hard negatives) / 2
 * ```
 *
 * Larger batches give more negatives and better embeddings. Candidates that are right as well should be left out by
 * `duplicateMask`.
 *
 * @param anchors float `[N, D]`
 * @param positives float `[N, D]`, row i belongs to anchor i
 * @param hardNegatives float `[M, D]` or `[N, K, D]`, candidates for every anchor; may be left out
 * @returns a scalar; `[N]` for `reduction: 'none'`
 * @throws {SurprisalError} `shape`, `dtype` or `argument` at the call
 * @see Henderson et al., Efficient Natural Language Response Suggestion for Smart Reply, 2017
 */
export function multipleNegativesRankingLoss(
  anchors: TensorLike,
  positives: TensorLike,
  options?: MultipleNegativesRankingLossOptions,
): Tensor
export function multipleNegativesRankingLoss(
  anchors: TensorLike,
  positives: TensorLike,
  hardNegatives: TensorLike | null | undefined,
  options?: MultipleNegativesRankingLossOptions,
): Tensor
export function multipleNegativesRankingLoss(anchors: TensorLike, positives: TensorLike, ...rest: unknown[]): Tensor {
  const { tensors, options } = readOptional<MultipleNegativesRankingLossOptions>(op, rest, 1)
  const { scale = 20, distance = 'cosine', symmetric = false, reduction } = options
  requirePositive(op, 'scale', scale)
  const a = rowsOf(op, 'anchors', anchors)
  const p = rowsOf(op, 'positives', positives)
  requireSameRows(op, 'positives', p, 'anchors', a)
  const candidates = tensors[0] ? cat([p, hardNegativesOf(tensors[0], a)], { dim: 0 }) : p

  const logits = similarity(op, distance, a, candidates).mul(scale)
  const mask = maskOf(op, options.duplicateMask, logits)
  return reduce(op, symmetric ? symmetricLosses(logits, mask) : inBatchLosses(logits, mask), reduction)
}

function hardNegativesOf(x: TensorLike, anchors: Tensor): Tensor {
  const negatives = floatOf(op, 'hardNegatives', x)
  const { shape } = negatives
  if (shape.length !== 2 && !(shape.length === 3 && shape[0] === anchors.shape[0]))
    fail('shape', op, `hardNegatives must have shape [M, D] or [N, K, D], got ${shapeText(shape)}`)
  requireWidth(op, 'hardNegatives', negatives, 'anchors', anchors)
  return negatives.reshape([shape.slice(0, -1).reduce((a, b) => a * b, 1), shape[shape.length - 1]])
}
