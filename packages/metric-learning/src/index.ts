export type { CustomDistance, Distance, DistanceSpec, DistanceType } from './_shared/distance.ts'
export type { InBatchOptions } from './_shared/in-batch.ts'
export type {
  RetrievalMetricArguments,
  RetrievalMetricAtKOptions,
  RetrievalMetricOptions,
} from './_shared/rankings.ts'
export type { Reduction, ReductionOptions } from './_shared/reduce.ts'
export { duplicateMask } from './contrastive/duplicate-mask.ts'
export { type InfoNCELossOptions, infoNCELoss } from './contrastive/info-nce.ts'
export {
  type MultipleNegativesRankingLossOptions,
  multipleNegativesRankingLoss,
} from './contrastive/multiple-negatives-ranking.ts'
export { cosineSimilarity } from './distance/cosine-similarity.ts'
export { type DistanceMatrixOptions, distanceMatrix } from './distance/distance-matrix.ts'
export { meanAveragePrecision } from './metrics/mean-average-precision.ts'
export { meanAveragePrecisionAtR } from './metrics/mean-average-precision-at-r.ts'
export { meanReciprocalRank } from './metrics/mean-reciprocal-rank.ts'
export { precisionAtK } from './metrics/precision-at-k.ts'
export { rPrecision } from './metrics/r-precision.ts'
export { recallAtK } from './metrics/recall-at-k.ts'
