/**
 * Exact search over int8 codes: a quarter of the memory of float32, and scores within half a quantization step.
 */
import { requireDimension, requireK, requireList, requireOneOf } from '../_shared/check.ts'
import { IdTable } from '../_shared/ids.ts'
import { appendRows, keepRows } from '../_shared/rows.ts'
import type { ConflictOptions, Hit, Id, SearchOptions } from '../_shared/types.ts'
import { decodeIndexFile, encodeIndexFile } from '../file/index-file.ts'
import { jsonSection, KIND, SectionReader } from '../file/sections.ts'
import { quantizeInt8Rows } from './int8-codes.ts'
import { scanInt8, squaredCodes } from './int8-scan.ts'
import { acceptRows, type DenseStats, toHits } from './results.ts'
import { RowBlocks } from './row-blocks.ts'
import { inverseNorms, METRICS, type Metric, requireRows, singleQuery, splitQueries } from './vectors.ts'

/** How an {@link Int8Index} is made. */
export interface Int8IndexOptions {
  /** Values per vector. */
  dim: number
  /**
   * What the scores are: inner products, cosines (both descending) or squared Euclidean distances (ascending).
   * @default 'dot'
   */
  metric?: Metric
}

/**
 * An index of symmetric int8 codes with one float32 scale per vector. The query stays in floating point and is
 * compared exactly with the vectors that the codes stand for. Ties are ordered by insertion.
 *
 * @example
 * const index = new Int8Index({ dim: 2, metric: 'cosine' })
 * index.add(['east', 'north'], new Float32Array([1, 0, 0, 1]))
 * index.search([3, 0], { k: 1 }) // => [{ id: 'east', score: 1 }]
 */
export class Int8Index {
  readonly dim: number
  readonly metric: Metric
  readonly #ids = new IdTable()
  readonly #blocks: RowBlocks
  #codes: Int8Array = new Int8Array(0)
  #scales: Float32Array = new Float32Array(0)
  #squares: Float64Array | undefined

  /** @throws {SurprisalError} `'argument'`: dim < 1, unknown metric */
  constructor({ dim, metric = 'dot' }: Int8IndexOptions) {
    requireDimension('Int8Index', dim)
    requireOneOf('Int8Index', 'metric', metric, METRICS)
    this.dim = dim
    this.metric = metric
    this.#blocks = new RowBlocks(dim)
  }

  /** How many vectors the index holds. */
  get size(): number {
    return this.#ids.ids.length
  }

  /**
   * Quantizes and adds rows; either all of them or, when one is refused, none.
   *
   * @param ids one per row
   * @param vectors `ids.length * dim` values, row after row
   * @throws {SurprisalError} duplicate id (see `onConflict`), wrong number of values, a value that is not finite, or
   *   under cosine a zero vector (the row is named)
   */
  add(ids: readonly Id[], vectors: Float32Array, options: ConflictOptions = {}): void {
    const caller = 'Int8Index.add'
    requireRows(caller, ids, vectors, this.dim)
    if (this.metric === 'cosine') inverseNorms(caller, 'vectors', vectors, this.dim)
    this.remove(this.#ids.conflicts(caller, ids, options))
    const { codes, scales } = quantizeInt8Rows(vectors, this.dim)
    this.#codes = appendRows(this.#codes, this.size * this.dim, codes)
    this.#scales = appendRows(this.#scales, this.size, scales)
    this.#ids.append(ids)
    this.#squares = undefined
  }

  /** Removes vectors by id and returns how many there were. Takes time proportional to the index: pass many at once. */
  remove(ids: readonly Id[]): number {
    requireList('Int8Index.remove', 'ids', ids)
    const before = this.size
    const kept = this.#ids.remove(ids)
    if (kept === undefined) return 0
    this.#blocks.dispose()
    this.#codes = keepRows(this.#codes, this.dim, kept)
    this.#scales = keepRows(this.#scales, 1, kept)
    this.#squares = undefined
    return before - kept.length
  }

  /** Whether the id is in the index. */
  has(id: Id): boolean {
    return this.#ids.row(id) !== undefined
  }

  /** The vector that the codes of an id stand for, or undefined. */
  vector(id: Id): Float32Array | undefined {
    const row = this.#ids.row(id)
    if (row === undefined) return undefined
    return Float32Array.from(this.#codes.subarray(row * this.dim, (row + 1) * this.dim), c => c * this.#scales[row])
  }

  /**
   * The k nearest vectors of one query.
   *
   * @param query `dim` values
   * @returns best first, ties in the order of insertion; fewer than k when fewer are there or pass the filter
   * @throws {SurprisalError} wrong dimension, a value that is not finite, k < 1, or under cosine a zero vector
   */
  search(query: ArrayLike<number>, options: SearchOptions = {}): Hit[] {
    return this.#search('Int8Index.search', singleQuery('Int8Index.search', query, this.dim), options)[0]
  }

  /** The same for several queries, row after row in one array; many times as fast as one by one. */
  searchBatch(queries: ArrayLike<number>, options: SearchOptions = {}): Hit[][] {
    return this.#search('Int8Index.searchBatch', splitQueries('Int8Index.searchBatch', queries, this.dim), options)
  }

  /** Counts and memory: bytes are those of codes and scales. */
  stats(): DenseStats {
    return { count: this.size, dim: this.dim, metric: this.metric, bytes: this.size * (this.dim + 4) }
  }

  /** The index as the bytes of an index file. */
  save(): Uint8Array {
    return encodeIndexFile({
      kind: KIND.int8,
      metadata: { count: this.size, dim: this.dim, metric: this.metric },
      sections: {
        codes: this.#codes.subarray(0, this.size * this.dim),
        scales: this.#scales.subarray(0, this.size),
        ids: jsonSection(this.#ids.ids),
      },
    })
  }

  /**
   * Opens a saved index. Codes and scales stay views on `bytes`, which must not be changed afterwards.
   * @throws {SurprisalError} `'format'`: not such a file, newer format, truncated or damaged
   */
  static load(bytes: Uint8Array): Int8Index {
    const caller = 'Int8Index.load'
    const reader = new SectionReader(decodeIndexFile(bytes, KIND.int8, caller), caller)
    const count = reader.count('count')
    const index = new Int8Index({ dim: reader.dimension('dim'), metric: reader.oneOf('metric', METRICS) })
    index.#codes = reader.array('codes', Int8Array, count * index.dim)
    index.#scales = reader.array('scales', Float32Array, count)
    index.#ids.append(reader.ids('ids', count))
    return index
  }

  #search(caller: string, queries: Float64Array[], { k = 10, filter }: SearchOptions): Hit[][] {
    requireK(caller, k)
    const [codes, scales, squares, blocks] = [this.#codes, this.#scales, this.#sums(), this.#blocks]
    const rows = { codes, scales, count: this.size, dim: this.dim, squares, blocks }
    const ids = this.#ids.ids
    return scanInt8(caller, rows, queries, this.metric, k, acceptRows(ids, filter)).map(ranking => toHits(ids, ranking))
  }

  #sums(): Float64Array | undefined {
    if (this.metric === 'dot') return undefined
    this.#squares ??= squaredCodes(this.#codes.subarray(0, this.size * this.dim), this.dim)
    return this.#squares
  }
}
