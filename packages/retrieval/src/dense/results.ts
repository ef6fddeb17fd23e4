import type { Ranking } from '../_shared/top-k.ts'
import type { Hit, Id } from '../_shared/types.ts'
import type { Metric } from './vectors.ts'

/** What a dense index holds. */
export interface DenseStats {
  /** Number of vectors. */
  count: number
  /** Values per vector. */
  dim: number
  metric: Metric
  /** Bytes of the stored vectors, codes and scales; ids not counted. */
  bytes: number
}

/** Names the rows of a ranking. */
export function toHits(ids: readonly Id[], { rows, scores }: Ranking): Hit[] {
  return Array.from(rows, (row, i) => ({ id: ids[row], score: scores[i] }))
}

/** A filter on ids as a filter on rows. */
export function acceptRows(
  ids: readonly Id[],
  filter: ((id: Id) => boolean) | undefined,
): ((row: number) => boolean) | undefined {
  return filter && (row => filter(ids[row]))
}
