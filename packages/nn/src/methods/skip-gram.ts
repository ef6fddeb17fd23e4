import {
  cast,
  div,
  logSigmoid,
  minimum,
  mul,
  pow,
  SurprisalError,
  sqrt,
  type Tensor,
  type TensorLike,
  unsqueeze,
} from '@surprisal/tensor'
import { requireTensor } from '../_shared/positional.ts'
import { requireNonNegative, requireOneOf, requirePositive } from '../_shared/require.ts'

/** Options of {@link skipGramNegativeSamplingLoss}. */
export interface SkipGramLossOptions {
  /** @default 'mean' */
  reduction?: 'mean' | 'sum' | 'none'
}

/**
 * Loss of skip-gram with negative sampling: a word and its neighbour should be near, the word and random ones far.
 *
 * loss_b = -ln sigmoid(c_b . o_b) - sum_k ln sigmoid(-c_b . n_bk)
 *
 * @param center [B, d], rows of the input table
 * @param context [B, d], rows of the output table
 * @param negatives [B, K, d], rows of the output table
 * @returns rank 0, or [B] without reduction
 * @throws {SurprisalError} `shape` when the three do not fit, `argument` for an unknown reduction
 * @see Mikolov et al., "Distributed Representations of Words and Phrases and their Compositionality", 2013
 */
export function skipGramNegativeSamplingLoss(
  center: TensorLike,
  context: TensorLike,
  negatives: TensorLike,
  { reduction = 'mean' }: SkipGramLossOptions = {},
): Tensor {
  const where = 'skipGramNegativeSamplingLoss'
  for (const [name, x] of Object.entries({ center, context, negatives })) requireTensor(where, name, x)
  requireOneOf(where, 'reduction', reduction, ['mean', 'sum', 'none'])
  const [batch, dim] = center.shape
  const { shape } = negatives
  const isFitting = center.shape.length === 2 && context.shape.join() === center.shape.join()
  if (!isFitting || shape.length !== 3 || shape[0] !== batch || shape[2] !== dim)
    throw new SurprisalError(
      'shape',
      `${where}: center and context must be [B, d] and negatives [B, K, d], got ${[center, context, negatives]
        .map(x => `[${x.shape.join(', ')}]`)
        .join(', ')}`,
    )
  const towards = mul(center, context).sum({ dim: 1 })
  const away = mul(unsqueeze(center, 1), negatives).sum({ dim: 2 })
  const losses = logSigmoid(towards)
    .add(logSigmoid(away.neg()).sum({ dim: 1 }))
    .neg()
  if (reduction === 'none') return losses
  return reduction === 'mean' ? losses.mean() : losses.sum()
}

/**
 * Probabilities by which negatives are drawn: count^power, normalised.
 * @param counts [V], how often each word occurs
 * @param options `power`: 1 for the words' own shares, 0 for all alike @default 0.75
 * @returns float32 [V]
 */
export function negativeSamplingDistribution(counts: TensorLike, { power = 0.75 }: { power?: number } = {}): Tensor {
  requireTensor('negativeSamplingDistribution', 'counts', counts)
  requireNonNegative('negativeSamplingDistribution', 'power', power)
  const weights = pow(cast(counts, 'float32'), power)
  return div(weights, weights.sum())
}

/** Options of {@link subsampleKeepProbability}. */
export interface SubsampleOptions {
  /** Share of the text above which a word is thinned out. @default 1e-3 */
  threshold?: number
  /** That of word2vec.c, or that of the paper, 1 - discard = sqrt(t / f). @default 'word2vec' */
  formula?: 'word2vec' | 'paper'
}

/**
 * Probability of keeping an occurrence of each word, so that frequent words do not take most of the training:
 * min(1, (sqrt(f / t) + 1) t / f) with f the word's share of the text; a word that never occurs is kept.
 * @param counts [V]
 * @returns float32 [V]
 * @throws {SurprisalError} `argument` for a threshold that is not positive or an unknown formula
 * @see Mikolov et al., "Distributed Representations of Words and Phrases and their Compositionality", 2013
 */
export function subsampleKeepProbability(
  counts: TensorLike,
  { threshold = 1e-3, formula = 'word2vec' }: SubsampleOptions = {},
): Tensor {
  const where = 'subsampleKeepProbability'
  requireTensor(where, 'counts', counts)
  requirePositive(where, 'threshold', threshold)
  requireOneOf(where, 'formula', formula, ['word2vec', 'paper'])
  const float = cast(counts, 'float32')
  const ratio = div(float.sum().mul(threshold), float)
  return minimum(formula === 'paper' ? sqrt(ratio) : sqrt(ratio).add(ratio), 1)
}
