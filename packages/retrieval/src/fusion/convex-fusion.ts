import { requireNumber, requireOneOf, requireRecord } from '../_shared/check.ts'
import type { Id } from '../_shared/types.ts'
import { byScore } from './reciprocal-rank-fusion.ts'

/** How scores of one ranking are brought to a common scale. */
export type FusionNorm = 'minmax' | 'theoretical-minmax' | 'zscore' | 'l2'

/** Options of {@link convexFusion}. */
export interface ConvexFusionOptions {
  /**
   * The share of the first ranking, in [0, 1].
   * @default 0.5
   */
  alpha?: number
  /**
   * `'minmax'`: (s - min) / (max - min), 1 for all when they are equal. `'theoretical-minmax'`: the same with
   * `lowerBound` for min. `'zscore'`: (s - mean) / standard deviation of the population, 0 for all when they are
   * equal. `'l2'`: s / norm of all scores.
   * @default 'minmax'
   */
  norm?: FusionNorm
  /**
   * The least score that is possible, for both rankings or for each: 0 for BM25, -1 for cosines.
   * @default 0
   */
  lowerBound?: number | readonly [number, number]
}

/** Scores by id. */
export type Scores<T extends Id> = Readonly<Record<string, number>> | ReadonlyMap<T, number>

/** The norms, for messages. */
const NORMS: readonly FusionNorm[] = ['minmax', 'theoretical-minmax', 'zscore', 'l2']

/**
 * Merges two rankings by their scores:
 *
 * ```
 * score(d) = alpha * norm_a(a[d]) + (1 - alpha) * norm_b(b[d]),   a missing document counts 0 after the norm
 * ```
 *
 * @param a scores by id, an object or (for integer ids) a Map
 * @param b the same of the other ranking
 * @returns pairs of id and score, by score descending, ties by id ascending
 * @throws {SurprisalError} `'argument'`: alpha outside [0, 1], unknown norm, a score that is not finite
 * @see Bruch, Gai and Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval" (2023)
 * @example
 * convexFusion({ a: 3, b: 1 }, { b: 0.2, c: 0.1 }) // => [['a', 0.5], ['b', 0.5], ['c', 0]]
 */
export function convexFusion<T extends Id = string>(
  a: Scores<T>,
  b: Scores<T>,
  { alpha = 0.5, norm = 'minmax', lowerBound = 0 }: ConvexFusionOptions = {},
): [T, number][] {
  const caller = 'convexFusion'
  requireNumber(caller, 'alpha', alpha, 0, 1)
  requireOneOf(caller, 'norm', norm, NORMS)
  requireRecord(caller, 'a', a)
  requireRecord(caller, 'b', b)
  const [lowA, lowB] = typeof lowerBound === 'number' ? [lowerBound, lowerBound] : lowerBound
  const fused = new Map<T, number>()
  for (const [id, score] of normalized('a', entries(a), norm, lowA)) fused.set(id, alpha * score)
  for (const [id, score] of normalized('b', entries(b), norm, lowB)) {
    fused.set(id, (fused.get(id) ?? 0) + (1 - alpha) * score)
  }
  return byScore(fused)
}

function entries<T extends Id>(scores: Scores<T>): [T, number][] {
  return scores instanceof Map ? [...scores] : (Object.entries(scores) as [T, number][])
}

function normalized<T>(argument: string, pairs: [T, number][], norm: FusionNorm, lowerBound: number): [T, number][] {
  requireNumber('convexFusion', 'lowerBound', lowerBound)
  const scores = pairs.map(([, score]) => score)
  for (const [id, score] of pairs) requireNumber('convexFusion', `${argument}[${JSON.stringify(id)}]`, score)
  const scale = scaleOf(norm, scores, lowerBound)
  return pairs.map(([id, score]) => [id, scale(score)])
}

function scaleOf(norm: FusionNorm, scores: number[], lowerBound: number): (score: number) => number {
  const sum = (f: (score: number) => number) => scores.reduce((total, score) => total + f(score), 0)
  if (norm === 'l2') {
    const length = Math.sqrt(sum(s => s * s))
    return s => (length === 0 ? 0 : s / length)
  }
  const least = scores.reduce((min, s) => Math.min(min, s), Infinity)
  const high = scores.reduce((max, s) => Math.max(max, s), -Infinity)
  if (norm === 'zscore') {
    const mean = sum(s => s) / scores.length
    const deviation = Math.sqrt(sum(s => (s - mean) ** 2) / scores.length)
    // The mean of equal scores may be off by a rounding, which the division would blow up.
    return s => (high === least ? 0 : (s - mean) / deviation)
  }
  const low = norm === 'minmax' ? least : lowerBound
  return s => (high === low ? 1 : (s - low) / (high - low))
}
