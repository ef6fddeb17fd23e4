import { indexSelect, lerp, SurprisalError, std as standardDeviation, type Tensor, tensor } from '@surprisal/tensor'
import { requireTensor } from '../_shared/positional.ts'
import { requireOneOf } from '../_shared/require.ts'

/** Options of the updates of the cross-entropy method. */
export interface CemUpdateOptions {
  /** Share of the samples that is the elite, in (0, 1]; at least one sample. @default 0.2 */
  rho?: number
  /** Weight of the elite against the distribution before, in (0, 1]. @default 0.7 */
  smoothing?: number
  /** Whether large or small scores are good. @default 'max' */
  direction?: 'max' | 'min'
}

/** The best samples of a round. */
export interface Elite {
  /** Numbers of the samples, best first; of equal ones the first. */
  elite: number[]
  /** Score of the worst of them. */
  threshold: number
}

/** @throws {SurprisalError} `argument` unless the value is in (0, 1] */
function requireShare(where: string, name: string, value: number): void {
  if (!(value > 0 && value <= 1))
    throw new SurprisalError('argument', `${where}: ${name} must be in (0, 1], got ${value}`)
}

/**
 * The best ceil(rho n) of n scores. NaN is worse than every number.
 * @throws {SurprisalError} `argument` for no score, a rho or smoothing outside of (0, 1] or an unknown direction
 */
export function eliteOf(where: string, scores: readonly number[], options: CemUpdateOptions): Elite {
  const { rho = 0.2, smoothing = 0.7, direction = 'max' } = options
  requireShare(where, 'rho', rho)
  requireShare(where, 'smoothing', smoothing)
  requireOneOf(where, 'direction', direction, ['max', 'min'])
  if (scores.length === 0) throw new SurprisalError('argument', `${where}: scores must not be empty`)
  const worth = scores.map(score =>
    Number.isNaN(score) ? Number.NEGATIVE_INFINITY : direction === 'max' ? score : -score,
  )
  const order = scores.map((_, i) => i).sort((a, b) => (worth[a] === worth[b] ? a - b : worth[b] > worth[a] ? 1 : -1))
  // 0.2 * 15 is a little more than 3 in binary, and is meant to be 3.
  const elite = order.slice(0, Math.max(1, Math.ceil(rho * scores.length - 1e-9)))
  return { elite, threshold: scores[elite[elite.length - 1]] }
}

/**
 * One round of the cross-entropy method for categorical parameters: the share of each choice among the best samples,
 * mixed with its probability before.
 *
 * p'[j][c] = smoothing * (share of the elite with choice c) + (1 - smoothing) * p[j][c]
 *
 * @param probs [parameters][choices], each row summing to 1
 * @param samples [n][parameters], numbers of choices
 * @param scores [n]
 * @throws {SurprisalError} `argument` for a row that does not sum to 1, a sample of a choice that is missing, or as
 * many scores as there are not samples
 * @see Rubinstein, "The Cross-Entropy Method for Combinatorial and Continuous Optimization", 1999
 */
export function cemCategoricalUpdate(
  probs: readonly (readonly number[])[],
  samples: readonly (readonly number[])[],
  scores: readonly number[],
  options: CemUpdateOptions = {},
): { probs: number[][] } & Elite {
  const where = 'cemCategoricalUpdate'
  const { smoothing = 0.7 } = options
  const best = eliteOf(where, scores, options)
  if (samples.length !== scores.length)
    throw new SurprisalError('argument', `${where}: samples must be ${scores.length} as scores, got ${samples.length}`)
  probs.forEach((row, j) => {
    const sum = row.reduce((a, b) => a + b, 0)
    if (!(Math.abs(sum - 1) < 1e-6))
      throw new SurprisalError('argument', `${where}: probs of parameter ${j} must sum to 1, got ${sum}`)
    const wrong = samples.find(sample => !(sample[j] in row))
    if (wrong)
      throw new SurprisalError(
        'argument',
        `${where}: samples of parameter ${j} must be one of ${row.length} choices, got ${wrong[j]}`,
      )
  })
  const next = probs.map((row, j) =>
    row.map((before, choice) => {
      const share = best.elite.filter(i => samples[i][j] === choice).length / best.elite.length
      return smoothing * share + (1 - smoothing) * before
    }),
  )
  return { probs: next, ...best }
}

/**
 * One round of the cross-entropy method for independent Gaussians: mean and population deviation of the best samples,
 * mixed with those before. An elite of one sample has deviation 0: keep a floor where the search goes on.
 *
 * @param mean [parameters]
 * @param std [parameters]
 * @param samples [n, parameters]
 * @param scores n numbers
 * @throws {SurprisalError} `argument` for wrong options, `shape` when the samples are not [scores, parameters]
 */
export function cemGaussianUpdate(
  mean: Tensor,
  std: Tensor,
  samples: Tensor,
  scores: readonly number[],
  options: CemUpdateOptions = {},
): { mean: Tensor; std: Tensor } {
  const where = 'cemGaussianUpdate'
  for (const [name, x] of Object.entries({ mean, std, samples })) requireTensor(where, name, x)
  const { smoothing = 0.7 } = options
  const { elite } = eliteOf(where, scores, options)
  const wanted = [scores.length, ...mean.shape].join(', ')
  if (samples.shape.join(', ') !== wanted || std.shape.join() !== mean.shape.join())
    throw new SurprisalError(
      'shape',
      `${where}: samples must be [${wanted}] with one std per mean, got [${samples.shape.join(', ')}] and [${std.shape.join(', ')}]`,
    )
  const best = indexSelect(samples, 0, tensor(elite, { dtype: 'int32' }))
  return {
    mean: lerp(mean, best.mean({ dim: 0 }), smoothing),
    std: lerp(std, standardDeviation(best, { dim: 0, correction: 0 }), smoothing),
  }
}
