/**
 * Exact search over float32 vectors: every query is compared with every row.
 */
import { requireDimension, requireK, requireList, requireOneOf } from '../_shared/check.ts'
import { IdTable } from '../_shared/ids.ts'
import { appendRows, keepRows } from '../_shared/rows.ts'
import type { ConflictOptions, Hit, Id, SearchOptions } from '../_shared/types.ts'
import { decodeIndexFile, encodeIndexFile } from '../file/index-file.ts'
import { jsonSection, KIND, SectionReader } from '../file/sections.ts'
import { scanFloat32 } from './float32-scan.ts'
import { acceptRows, type DenseStats, toHits } from './results.ts'
import { RowBlocks } from './row-blocks.ts'
import { inverseNorms, METRICS, type Metric, requireRows, singleQuery, splitQueries } from './vectors.ts'

/** How a {@link FlatIndex} is made. */
export interface FlatIndexOptions {
  /** Values per vector. */
  dim: number
  /**
   * What the scores are: inner products, cosines (both descending) or squared Euclidean distances (ascending).
   * @default 'dot'
   */
  metric?: Metric
}

/**
 * An exact index of float32 vectors. Scores are summed in float64 and rounded to float32; equal scores are ordered by
 * insertion. `search` and `searchBatch` give the same bits, and so does an index that was saved and loaded.
 *
 * @example
 * const index = new FlatIndex({ dim: 2 })
 * index.add(['east', 'north'], new Float32Array([1, 0, 0, 1]))
 * index.search([0.5, 1], { k: 1 }) // => [{ id: 'north', score: 1 }]
 */
export class FlatIndex {
  readonly dim: number
  readonly metric: Metric
  readonly #ids = new IdTable()
  readonly #blocks: RowBlocks
  #data: Float32Array = new Float32Array(0)
  #inverse: Float64Array | undefined

  /** @throws {SurprisalError} `'argument'`: dim < 1, unknown metric */
  constructor({ dim, metric = 'dot' }: FlatIndexOptions) {
    requireDimension('FlatIndex', dim)
    requireOneOf('FlatIndex', 'metric', metric, METRICS)
    this.dim = dim
    this.metric = metric
    this.#blocks = new RowBlocks(dim)
  }

  /** How many vectors the index holds. */
  get size(): number {
    return this.#ids.ids.length
  }

  /**
   * Adds rows; either all of them or, when one is refused, none.
   *
   * @param ids one per row
   * @param vectors `ids.length * dim` values, row after row; copied
   * @throws {SurprisalError} duplicate id (see `onConflict`), wrong number of values, a value that is not finite, or
   *   under cosine a zero vector (the row is named)
   */
  add(ids: readonly Id[], vectors: Float32Array, options: ConflictOptions = {}): void {
    const caller = 'FlatIndex.add'
    requireRows(caller, ids, vectors, this.dim)
    if (this.metric === 'cosine') inverseNorms(caller, 'vectors', vectors, this.dim)
    this.remove(this.#ids.conflicts(caller, ids, options))
    this.#data = appendRows(this.#data, this.size * this.dim, vectors)
    this.#ids.append(ids)
    this.#inverse = undefined
  }

  /** Removes vectors by id and returns how many there were. Takes time proportional to the index: pass many at once. */
  remove(ids: readonly Id[]): number {
    requireList('FlatIndex.remove', 'ids', ids)
    const before = this.size
    const kept = this.#ids.remove(ids)
    if (kept === undefined) return 0
    this.#blocks.dispose()
    this.#data = keepRows(this.#data, this.dim, kept)
    this.#inverse = undefined
    return before - kept.length
  }

  /** Whether the id is in the index. */
  has(id: Id): boolean {
    return this.#ids.row(id) !== undefined
  }

  /** A copy of the vector of an id, or undefined. */
  vector(id: Id): Float32Array | undefined {
    const row = this.#ids.row(id)
    return row === undefined ? undefined : this.#data.slice(row * this.dim, (row + 1) * this.dim)
  }

  /**
   * The k nearest vectors of one query.
   *
   * @param query `dim` values
   * @returns best first, ties in the order of insertion; fewer than k when fewer are there or pass the filter
   * @throws {SurprisalError} wrong dimension, a value that is not finite, k < 1, or under cosine a zero vector
   */
  search(query: ArrayLike<number>, options: SearchOptions = {}): Hit[] {
    return this.#search('FlatIndex.search', singleQuery('FlatIndex.search', query, this.dim), options)[0]
  }

  /** The same for several queries, row after row in one array; many times as fast as one by one. */
  searchBatch(queries: ArrayLike<number>, options: SearchOptions = {}): Hit[][] {
    return this.#search('FlatIndex.searchBatch', splitQueries('FlatIndex.searchBatch', queries, this.dim), options)
  }

  /** Counts and memory: bytes are those of the vectors. */
  stats(): DenseStats {
    return { count: this.size, dim: this.dim, metric: this.metric, bytes: this.size * this.dim * 4 }
  }

  /** The index as the bytes of an index file. */
  save(): Uint8Array {
    return encodeIndexFile({
      kind: KIND.flat,
      metadata: { count: this.size, dim: this.dim, metric: this.metric },
      sections: { vectors: this.#data.subarray(0, this.size * this.dim), ids: jsonSection(this.#ids.ids) },
    })
  }

  /**
   * Opens a saved index. The vectors stay a view on `bytes`, which must not be changed afterwards.
   * @throws {SurprisalError} `'format'`: not such a file, newer format, truncated or damaged
   */
  static load(bytes: Uint8Array): FlatIndex {
    const caller = 'FlatIndex.load'
    const reader = new SectionReader(decodeIndexFile(bytes, KIND.flat, caller), caller)
    const count = reader.count('count')
    const index = new FlatIndex({ dim: reader.dimension('dim'), metric: reader.oneOf('metric', METRICS) })
    index.#data = reader.array('vectors', Float32Array, count * index.dim)
    index.#ids.append(reader.ids('ids', count))
    return index
  }

  #search(caller: string, queries: Float64Array[], { k = 10, filter }: SearchOptions): Hit[][] {
    requireK(caller, k)
    const inverse = this.#inverseNorms()
    const rows = { data: this.#data, count: this.size, dim: this.dim, inverse, blocks: this.#blocks }
    const ids = this.#ids.ids
    const rankings = scanFloat32(caller, rows, queries, this.metric, k, acceptRows(ids, filter))
    return rankings.map(ranking => toHits(ids, ranking))
  }

  #inverseNorms(): Float64Array | undefined {
    if (this.metric !== 'cosine') return undefined
    const used = this.#data.subarray(0, this.size * this.dim)
    this.#inverse ??= inverseNorms('FlatIndex', 'vectors', used, this.dim)
    return this.#inverse
  }
}
