import type { TensorLike } from '@surprisal/tensor'
import {
  meanOverRankings,
  type RetrievalMetricArguments,
  type RetrievalMetricOptions,
  summedPrecision,
} from '../_shared/rankings.ts'

/**
 * MAP@R: the precision at each relevant place among the R nearest, summed and divided by R, the number of relevant
 * items. It rewards order as well as presence, and is 1 only when all relevant items come first.
 *
 * Queries with nothing relevant are left out; NaN when all are, or when embeddings hold NaN. Equal distances keep the
 * order of the reference.
 *
 * @param embeddings float `[N, D]`
 * @param labels integers `[N]`; items of one label are relevant to each other
 * @param rest `reference` `[M, D]` and `referenceLabels` `[M]` to search in, by default the other embeddings, and options
 * @throws {SurprisalError} `shape`, `dtype` or `argument`
 * @see Musgrave et al., A Metric Learning Reality Check, 2020
 */
export async function meanAveragePrecisionAtR(
  embeddings: TensorLike,
  labels: TensorLike,
  ...rest: RetrievalMetricArguments<RetrievalMetricOptions>
): Promise<number> {
  return meanOverRankings<RetrievalMetricOptions>(
    'meanAveragePrecisionAtR',
    embeddings,
    labels,
    rest,
    () => (hits, relevant) => summedPrecision(hits.subarray(0, relevant)) / relevant,
  )
}
