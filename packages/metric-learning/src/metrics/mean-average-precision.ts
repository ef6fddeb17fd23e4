import type { TensorLike } from '@surprisal/tensor'
import {
  meanOverRankings,
  type RetrievalMetricArguments,
  type RetrievalMetricOptions,
  summedPrecision,
} from '../_shared/rankings.ts'

/**
 * MAP: the precision at each relevant place of the whole ranking, averaged over the relevant items.
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
export async function meanAveragePrecision(
  embeddings: TensorLike,
  labels: TensorLike,
  ...rest: RetrievalMetricArguments<RetrievalMetricOptions>
): Promise<number> {
  return meanOverRankings<RetrievalMetricOptions>(
    'meanAveragePrecision',
    embeddings,
    labels,
    rest,
    () => (hits, relevant) => summedPrecision(hits) / relevant,
  )
}
