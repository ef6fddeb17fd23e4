import type { TensorLike } from '@surprisal/tensor'
import { meanOverRankings, type RetrievalMetricArguments, type RetrievalMetricOptions } from '../_shared/rankings.ts'

/**
 * MRR: one over the place of the first relevant item.
 *
 * Queries with nothing relevant are left out; NaN when all are, or when embeddings hold NaN. Equal distances keep the
 * order of the reference.
 *
 * @param embeddings float `[N, D]`
 * @param labels integers `[N]`; items of one label are relevant to each other
 * @param rest `reference` `[M, D]` and `referenceLabels` `[M]` to search in, by default the other embeddings, and options
 * @throws {SurprisalError} `shape`, `dtype` or `argument`
 * @see Voorhees, The TREC-8 Question Answering Track Report, 1999
 */
export async function meanReciprocalRank(
  embeddings: TensorLike,
  labels: TensorLike,
  ...rest: RetrievalMetricArguments<RetrievalMetricOptions>
): Promise<number> {
  return meanOverRankings<RetrievalMetricOptions>(
    'meanReciprocalRank',
    embeddings,
    labels,
    rest,
    () => hits => 1 / (hits.indexOf(1) + 1),
  )
}
