export type { ConflictOptions, Hit, Id, SearchOptions } from './_shared/types.ts'
export { binarizeRows, hammingRows, wordsPerRow } from './dense/binary-codes.ts'
export { BinaryIndex, type BinaryIndexOptions, type BinarySearchOptions, type Rescoring } from './dense/binary-index.ts'
export { type ExactSearchOptions, exactSearch } from './dense/exact-search.ts'
export { FlatIndex, type FlatIndexOptions } from './dense/flat-index.ts'
export { type Int8Codes, quantizeInt8Rows } from './dense/int8-codes.ts'
export { Int8Index, type Int8IndexOptions } from './dense/int8-index.ts'
export type { DenseStats } from './dense/results.ts'
export type { Metric } from './dense/vectors.ts'
export { crc32c } from './file/crc32c.ts'
export {
  decodeIndexFile,
  encodeIndexFile,
  FORMAT_VERSION,
  type IndexFile,
  type IndexFileContent,
} from './file/index-file.ts'
export { type ConvexFusionOptions, convexFusion, type FusionNorm, type Scores } from './fusion/convex-fusion.ts'
export { type MmrOptions, mmr } from './fusion/mmr.ts'
export { type ReciprocalRankFusionOptions, reciprocalRankFusion } from './fusion/reciprocal-rank-fusion.ts'
export { type MaxSimOptions, maxSim } from './late-interaction/max-sim.ts'
export {
  type AnalyzeOptions,
  type Analyzer,
  analyze,
  analyzeSpans,
  createAnalyzer,
  type TermSpan,
} from './lexical/analyze.ts'
export {
  BM25Index,
  type Bm25Hit,
  type Bm25IndexOptions,
  type Bm25Stats,
  type Bm25Text,
} from './lexical/bm25-index.ts'
export { bm25Scores } from './lexical/bm25-scores.ts'
export type { Bm25Options, Bm25Parameters, Bm25Variant } from './lexical/bm25-variants.ts'
export { luceneNormRoundTrip } from './lexical/lucene-norm.ts'
export { porterStem } from './lexical/porter.ts'
export { ENGLISH_STOP_WORDS } from './lexical/stop-words.ts'
export { type EvaluateRunOptions, type Evaluation, evaluateRun, type ScoresByQuery } from './metrics/evaluate-run.ts'
export { binaryQuantize } from './quantize/binary-quantize.ts'
export { hammingDistance } from './quantize/hamming-distance.ts'
export { int8Quantize } from './quantize/int8-quantize.ts'
export { flopsLoss } from './sparse/flops-loss.ts'
export { type SpladePoolOptions, spladePool } from './sparse/splade-pool.ts'
