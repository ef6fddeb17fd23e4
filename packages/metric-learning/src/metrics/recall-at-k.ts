import type { TensorLike } from '@surprisal/tensor'
import {
  depthOf,
  meanOverRankings,
  type RetrievalMetricArguments,
  type RetrievalMetricAtKOptions,
} from '../_shared/rankings.ts'

/**
 * How many queries find anything relevant among their k nearest: 1 or 0 each (recall@k of metric learning).
 *
 * Queries with nothing relevant are left out; NaN when all are, or when embeddings hold NaN. Equal distances keep the
 * order of the reference.
 *
 * @param embeddings float `[N, D]`
 * @param labels integers `[N]`; items of one label are relevant to each other
 * @param rest `reference` `[M, D]` and `referenceLabels` `[M]` to search in, by default the other embeddings, and options
 * @throws {SurprisalError} `shape`, `dtype` or `argument`
 * @see Jegou et al., Product Quantization for Nearest Neighbor Search, 2011
 */
export async function recallAtK(
  embeddings: TensorLike,
  labels: TensorLike,
  ...rest: RetrievalMetricArguments<RetrievalMetricAtKOptions>
): Promise<number> {
  return meanOverRankings<RetrievalMetricAtKOptions>('recallAtK', embeddings, labels, rest, options => {
    const k = depthOf('recallAtK', options)
    return hits => Number(hits.subarray(0, k).includes(1))
  })
}
