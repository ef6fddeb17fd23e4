/**
 * The vectors that a binary index keeps besides its bits, to score its last candidates again.
 */
import { appendRows, keepRows } from '../_shared/rows.ts'
import type { Ranking } from '../_shared/top-k.ts'
import type { SectionReader } from '../file/sections.ts'
import { scanFloat32 } from './float32-scan.ts'
import { quantizeInt8Rows } from './int8-codes.ts'
import { scanInt8, squaredCodes } from './int8-scan.ts'
import { inverseNorms, type Metric } from './vectors.ts'

/** Rows in one representation, parallel to the codes of a binary index. */
export interface RescoringVectors {
  /** Bytes per row. */
  readonly bytesPerRow: number
  append(used: number, vectors: Float32Array): void
  keep(kept: Int32Array): void
  /** Scores `candidates` (ascending rows) exactly and returns the k best of them. */
  rescore(caller: string, query: Float64Array, metric: Metric, candidates: Int32Array, k: number): Ranking
  /** Arrays of the first `used` rows for an index file. */
  sections(used: number): Record<string, ArrayBufferView>
  load(reader: SectionReader, count: number): void
}

/** Rescoring with the vectors themselves. */
export class Float32Vectors implements RescoringVectors {
  readonly bytesPerRow: number
  readonly #dim: number
  #data: Float32Array = new Float32Array(0)

  constructor(dim: number) {
    this.#dim = dim
    this.bytesPerRow = dim * 4
  }

  append(used: number, vectors: Float32Array): void {
    this.#data = appendRows(this.#data, used * this.#dim, vectors)
  }

  keep(kept: Int32Array): void {
    this.#data = keepRows(this.#data, this.#dim, kept)
  }

  rescore(caller: string, query: Float64Array, metric: Metric, candidates: Int32Array, k: number): Ranking {
    const dim = this.#dim
    const data = keepRows(this.#data, dim, candidates)
    const inverse = metric === 'cosine' ? inverseNorms(caller, 'vectors', data, dim) : undefined
    const rows = { data, count: candidates.length, dim, inverse }
    return renumbered(scanFloat32(caller, rows, [query], metric, k)[0], candidates)
  }

  sections(used: number): Record<string, ArrayBufferView> {
    return { vectors: this.#data.subarray(0, used * this.#dim) }
  }

  load(reader: SectionReader, count: number): void {
    this.#data = reader.array('vectors', Float32Array, count * this.#dim)
  }
}

/** Rescoring with symmetric int8 codes. */
export class Int8Vectors implements RescoringVectors {
  readonly bytesPerRow: number
  readonly #dim: number
  #codes: Int8Array = new Int8Array(0)
  #scales: Float32Array = new Float32Array(0)

  constructor(dim: number) {
    this.#dim = dim
    this.bytesPerRow = dim + 4
  }

  append(used: number, vectors: Float32Array): void {
    const { codes, scales } = quantizeInt8Rows(vectors, this.#dim)
    this.#codes = appendRows(this.#codes, used * this.#dim, codes)
    this.#scales = appendRows(this.#scales, used, scales)
  }

  keep(kept: Int32Array): void {
    this.#codes = keepRows(this.#codes, this.#dim, kept)
    this.#scales = keepRows(this.#scales, 1, kept)
  }

  rescore(caller: string, query: Float64Array, metric: Metric, candidates: Int32Array, k: number): Ranking {
    const dim = this.#dim
    const codes = keepRows(this.#codes, dim, candidates)
    const scales = keepRows(this.#scales, 1, candidates)
    const squares = metric === 'dot' ? undefined : squaredCodes(codes, dim)
    const rows = { codes, scales, count: candidates.length, dim, squares }
    return renumbered(scanInt8(caller, rows, [query], metric, k)[0], candidates)
  }

  sections(used: number): Record<string, ArrayBufferView> {
    return { codes: this.#codes.subarray(0, used * this.#dim), scales: this.#scales.subarray(0, used) }
  }

  load(reader: SectionReader, count: number): void {
    this.#codes = reader.array('codes', Int8Array, count * this.#dim)
    this.#scales = reader.array('scales', Float32Array, count)
  }
}

function renumbered({ rows, scores }: Ranking, candidates: Int32Array): Ranking {
  return { rows: rows.map(row => candidates[row]), scores }
}
