/**
 * Search over sign bits in three stages, each handing on `oversample` times what the next one keeps: Hamming distance
 * to all codes, then the float query against the +-1 vectors of the nearest, then the stored vectors of the best.
 */
import { SurprisalError } from '@surprisal/tensor'
import { requireDimension, requireK, requireList, requireOneOf } from '../_shared/check.ts'
import { IdTable } from '../_shared/ids.ts'
import { appendRows, keepRows } from '../_shared/rows.ts'
import { type Ranking, TopK } from '../_shared/top-k.ts'
import type { ConflictOptions, Hit, Id, SearchOptions } from '../_shared/types.ts'
import { decodeIndexFile, encodeIndexFile } from '../file/index-file.ts'
import { jsonSection, KIND, SectionReader } from '../file/sections.ts'
import { binarizeRows, hammingRows, wordsPerRow } from './binary-codes.ts'
import { nearestCodes } from './nearest-codes.ts'
import { Float32Vectors, Int8Vectors, type RescoringVectors } from './rescoring.ts'
import { acceptRows, type DenseStats, toHits } from './results.ts'
import { signScorer } from './sign-scores.ts'
import { inverseNorms, requireRows, singleQuery, splitQueries } from './vectors.ts'

/** What a binary index keeps besides its bits. */
export type Rescoring = 'float32' | 'int8' | 'none'

/** How a {@link BinaryIndex} is made. */
export interface BinaryIndexOptions {
  /** Values per vector. */
  dim: number
  /**
   * What the scores are: inner products or cosines. Bits know nothing of lengths, so vectors of very different length
   * are found badly under `'dot'`.
   * @default 'dot'
   */
  metric?: 'dot' | 'cosine'
  /**
   * Which vectors are kept to score the last candidates. With `'none'` scores are those of the +-1 vectors.
   * @default 'float32'
   */
  rescore?: Rescoring
}

/** How a {@link BinaryIndex} is searched. */
export interface BinarySearchOptions extends SearchOptions {
  /**
   * How many times what the next stage keeps each stage hands on, an integer >= 1.
   * @default 4
   */
  oversample?: number
}

const BINARY_METRICS = ['dot', 'cosine'] as const
const RESCORINGS: readonly Rescoring[] = ['float32', 'int8', 'none']

/**
 * An index of one bit per dimension (set where the value is > 0) with rescoring. The result is approximate: exact
 * scores, but of candidates that their bits have chosen. Centre vectors whose dimensions are not near zero on average.
 *
 * @example
 * const index = new BinaryIndex({ dim: 2 })
 * index.add(['north-east', 'south-west'], new Float32Array([1, 2, -1, -2]))
 * index.search([1, 1], { k: 1 }) // => [{ id: 'north-east', score: 3 }]
 */
export class BinaryIndex {
  readonly dim: number
  readonly metric: 'dot' | 'cosine'
  readonly rescore: Rescoring
  readonly #ids = new IdTable()
  readonly #vectors: RescoringVectors | undefined
  #codes: Int32Array = new Int32Array(0)

  /** @throws {SurprisalError} `'argument'`: dim < 1, unknown metric or rescoring */
  constructor({ dim, metric = 'dot', rescore = 'float32' }: BinaryIndexOptions) {
    requireDimension('BinaryIndex', dim)
    requireOneOf('BinaryIndex', 'metric', metric, BINARY_METRICS)
    requireOneOf('BinaryIndex', 'rescore', rescore, RESCORINGS)
    this.dim = dim
    this.metric = metric
    this.rescore = rescore
    if (rescore !== 'none') this.#vectors = rescore === 'int8' ? new Int8Vectors(dim) : new Float32Vectors(dim)
  }

  /** How many vectors the index holds. */
  get size(): number {
    return this.#ids.ids.length
  }

  /**
   * Adds rows; either all of them or, when one is refused, none.
   *
   * @param ids one per row
   * @param vectors `ids.length * dim` values, row after row
   * @throws {SurprisalError} duplicate id (see `onConflict`), wrong number of values, a value that is not finite, or
   *   under cosine a zero vector (the row is named)
   */
  add(ids: readonly Id[], vectors: Float32Array, options: ConflictOptions = {}): void {
    const caller = 'BinaryIndex.add'
    requireRows(caller, ids, vectors, this.dim)
    if (this.metric === 'cosine') inverseNorms(caller, 'vectors', vectors, this.dim)
    this.remove(this.#ids.conflicts(caller, ids, options))
    this.#codes = appendRows(this.#codes, this.size * wordsPerRow(this.dim), binarizeRows(vectors, this.dim))
    this.#vectors?.append(this.size, vectors)
    this.#ids.append(ids)
  }

  /** Removes vectors by id and returns how many there were. Takes time proportional to the index: pass many at once. */
  remove(ids: readonly Id[]): number {
    requireList('BinaryIndex.remove', 'ids', ids)
    const before = this.size
    const kept = this.#ids.remove(ids)
    if (kept === undefined) return 0
    this.#codes = keepRows(this.#codes, wordsPerRow(this.dim), kept)
    this.#vectors?.keep(kept)
    return before - kept.length
  }

  /** Whether the id is in the index. */
  has(id: Id): boolean {
    return this.#ids.row(id) !== undefined
  }

  /**
   * The k nearest vectors of one query among the candidates of its bits.
   *
   * @param query `dim` values
   * @returns best first, ties in the order of insertion; always min(k, passing documents) of them
   * @throws {SurprisalError} wrong dimension, a value that is not finite, k or oversample < 1, or under cosine a zero
   *   vector
   */
  search(query: ArrayLike<number>, options: BinarySearchOptions = {}): Hit[] {
    return this.#search('BinaryIndex.search', singleQuery('BinaryIndex.search', query, this.dim), options)[0]
  }

  /** The same for several queries, row after row in one array. */
  searchBatch(queries: ArrayLike<number>, options: BinarySearchOptions = {}): Hit[][] {
    return this.#search('BinaryIndex.searchBatch', splitQueries('BinaryIndex.searchBatch', queries, this.dim), options)
  }

  /** Counts and memory: bytes are those of bits and rescoring vectors. */
  stats(): DenseStats {
    const bytesPerRow = wordsPerRow(this.dim) * 4 + (this.#vectors?.bytesPerRow ?? 0)
    return { count: this.size, dim: this.dim, metric: this.metric, bytes: this.size * bytesPerRow }
  }

  /** The index as the bytes of an index file. */
  save(): Uint8Array {
    return encodeIndexFile({
      kind: KIND.binary,
      metadata: { count: this.size, dim: this.dim, metric: this.metric, rescore: this.rescore },
      sections: {
        bits: this.#codes.subarray(0, this.size * wordsPerRow(this.dim)),
        ...this.#vectors?.sections(this.size),
        ids: jsonSection(this.#ids.ids),
      },
    })
  }

  /**
   * Opens a saved index. Codes and vectors stay views on `bytes`, which must not be changed afterwards.
   * @throws {SurprisalError} `'format'`: not such a file, newer format, truncated or damaged
   */
  static load(bytes: Uint8Array): BinaryIndex {
    const caller = 'BinaryIndex.load'
    const reader = new SectionReader(decodeIndexFile(bytes, KIND.binary, caller), caller)
    const count = reader.count('count')
    const dim = reader.dimension('dim')
    const metric = reader.oneOf('metric', BINARY_METRICS)
    const index = new BinaryIndex({ dim, metric, rescore: reader.oneOf('rescore', RESCORINGS) })
    index.#codes = reader.array('bits', Int32Array, count * wordsPerRow(dim))
    index.#vectors?.load(reader, count)
    index.#ids.append(reader.ids('ids', count))
    return index
  }

  #search(caller: string, queries: Float64Array[], { k = 10, oversample = 4, filter }: BinarySearchOptions): Hit[][] {
    requireK(caller, k)
    if (!Number.isInteger(oversample) || oversample < 1) {
      throw new SurprisalError('argument', `${caller}: oversample must be an integer >= 1, got ${String(oversample)}`)
    }
    const ids = this.#ids.ids
    const accept = acceptRows(ids, filter)
    const distances = new Int32Array(this.size)
    return queries.map(query => {
      const inverse = this.metric === 'cosine' ? inverseNorms(caller, 'queries', query, this.dim)[0] : 1
      const kept = this.#vectors === undefined ? k : k * oversample
      hammingRows(binarizeRows(query, this.dim), this.#codes, distances)
      const nearest = nearestCodes(distances, this.dim, kept * oversample, accept)
      const best = bestBySigns(query, this.#codes, nearest, kept)
      if (this.#vectors !== undefined) {
        return toHits(ids, this.#vectors.rescore(caller, query, this.metric, best.rows.sort(), k))
      }
      const factor = this.metric === 'cosine' ? inverse / Math.sqrt(this.dim) : 1
      return toHits(ids, { rows: best.rows, scores: best.scores.map(score => Math.fround(score * factor)) })
    })
  }
}

/** The k best candidates by the inner product of the query with their +-1 vectors. */
function bestBySigns(query: Float64Array, codes: Int32Array, candidates: Int32Array, k: number): Ranking {
  const score = signScorer(query, codes)
  const best = new TopK(Math.min(k, candidates.length))
  for (const row of candidates) best.offer(Math.fround(score(row)), row)
  return best.take()
}
