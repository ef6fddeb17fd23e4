import type { TensorLike } from '@surprisal/tensor'
import {
  depthOf,
  meanOverRankings,
  type RetrievalMetricArguments,
  type RetrievalMetricAtKOptions,
} from '../_shared/rankings.ts'

/**
 * Which share of the k nearest is relevant. Places beyond the end of the reference count as misses.
 *
 * Queries with nothing relevant are left out; NaN when all are, or when embeddings hold NaN. Equal distances keep the
 * order of the reference.
 *
 * @param embeddings float `[N, D]`
 * @param labels integers `[N]`; items of one label are relevant to each other
 * @param rest `reference` `[M, D]` and `referenceLabels` `[M]` to search in, by default the other embeddings, and options
 * @throws {SurprisalError} `shape`, `dtype` or `argument`
 * @see Manning et al., Introduction to Information Retrieval, 2008
 */
export async function precisionAtK(
  embeddings: TensorLike,
  labels: TensorLike,
  ...rest: RetrievalMetricArguments<RetrievalMetricAtKOptions>
): Promise<number> {
  return meanOverRankings<RetrievalMetricAtKOptions>('precisionAtK', embeddings, labels, rest, options => {
    const k = depthOf('precisionAtK', options)
    return hits => hits.subarray(0, k).reduce((sum, hit) => sum + hit, 0) / k
  })
}
