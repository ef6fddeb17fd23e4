import { SurprisalError } from '@surprisal/tensor'
import { requireList, requireNumber } from '../_shared/check.ts'
import { compareIds } from '../_shared/compare.ts'
import { requireId } from '../_shared/ids.ts'
import type { Id } from '../_shared/types.ts'

/** Options of {@link reciprocalRankFusion}. */
export interface ReciprocalRankFusionOptions {
  /**
   * How little the first ranks count more than later ones, >= 0.
   * @default 60
   */
  k?: number
  /**
   * One weight >= 0 per list.
   * @default all 1
   */
  weights?: readonly number[]
}

/**
 * Merges rankings by their ranks alone, so that scores of different kinds need not be compared:
 *
 * ```
 * score(d) = sum over the lists l that have d of  weight_l / (k + rank_l(d)),   rank from 1
 * ```
 *
 * @param lists ids, best first; no id twice in one list
 * @returns pairs of id and score, by score descending, ties by id ascending
 * @throws {SurprisalError} `'argument'`: k or a weight out of range, another number of weights than lists, an id twice
 *   in one list
 * @see Cormack, Clarke and Buettcher, "Reciprocal Rank Fusion outperforms Condorcet and Individual Rank Learning
 *   Methods" (2009)
 * @example
 * reciprocalRankFusion([['a', 'b'], ['b', 'c']])[0] // => ['b', 0.03252247488101534]
 */
export function reciprocalRankFusion<T extends Id>(
  lists: readonly (readonly T[])[],
  options: ReciprocalRankFusionOptions = {},
): [T, number][] {
  const caller = 'reciprocalRankFusion'
  requireList(caller, 'lists', lists)
  const { k = 60, weights = lists.map(() => 1) } = options
  requireNumber(caller, 'k', k, 0)
  if (weights.length !== lists.length) {
    throw new SurprisalError(
      'argument',
      `${caller}: weights must be one per list, got ${weights.length} for ${lists.length}`,
    )
  }
  const scores = new Map<T, number>()
  for (const [l, list] of lists.entries()) {
    requireNumber(caller, `weights[${l}]`, weights[l], 0)
    requireList(caller, `lists[${l}]`, list)
    const seen = new Set<T>()
    for (const [i, id] of list.entries()) {
      requireId(caller, id)
      if (seen.has(id))
        throw new SurprisalError('argument', `${caller}: lists[${l}] has id ${JSON.stringify(id)} twice`)
      seen.add(id)
      scores.set(id, (scores.get(id) ?? 0) + weights[l] / (k + i + 1))
    }
  }
  return byScore(scores)
}

/** Pairs by score descending, ties by id ascending. */
export function byScore<T extends Id>(scores: ReadonlyMap<T, number>): [T, number][] {
  return [...scores].sort(([a, x], [b, y]) => y - x || compareIds(a, b))
}
