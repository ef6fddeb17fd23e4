import { SurprisalError, scope, type Tensor, tensor } from '@surprisal/tensor'

/** Values in one block of rows: large enough that a product is worth its call, small enough to stay in the cache. */
const BLOCK_VALUES = 1 << 20
/** Blocks behind so many bytes are copied for each product, so that an index may be larger than the tensors' memory. */
const KEPT_BYTES = 1 << 30

/** What turns the product of a query and a row into a score: product * weight - offset. */
export interface RowWeight {
  weight: number
  offset: number
  /** Length of the row, as it stands in the matrix. */
  norm: number
}

/** The weights of a block of rows, with what bounds the error of its scores. */
export interface BlockWeights {
  weights: Float64Array
  offsets: Float64Array
  largestWeight: number
  largestOffset: number
  /** The largest length of a weighted row. */
  largestNorm: number
}

/**
 * Rows of an index as tensors of some thousand rows each, which are made when they are first multiplied and kept for
 * the next search. Rows that are appended later leave the full blocks as they are.
 */
export class RowBlocks {
  readonly rowsPerBlock: number
  readonly #dim: number
  readonly #keptBytes: number
  readonly #tensors: (Tensor | undefined)[] = []
  readonly #weights: (BlockWeights | undefined)[] = []

  constructor(dim: number, { blockValues = BLOCK_VALUES, keptBytes = KEPT_BYTES } = {}) {
    this.#dim = dim
    this.#keptBytes = keptBytes
    this.rowsPerBlock = Math.max(16, Math.floor(blockValues / dim / 16) * 16)
  }

  /**
   * Inner products of queries with the rows start..end, the block that begins at `start`.
   * @param rows all rows, float32 or int8
   * @param queries as many values per query, of the dtype of the rows
   * @returns float32 [queries, end - start]
   */
  products(rows: Float32Array | Int8Array, start: number, end: number, queries: Tensor): Float32Array {
    const multiply = () =>
      scope(() => {
        const block = this.#tensors[start / this.rowsPerBlock] as Tensor
        return queries.matmul(block.transpose(0, 1)).cast('float32').dataSync() as Float32Array
      })
    this.#hold(rows, start, end)
    try {
      return multiply()
    } catch (error) {
      if (!(error instanceof SurprisalError && error.code === 'disposed')) throw error
      // The block was made by a search inside of somebody's scope, which has ended.
      this.#drop(start / this.rowsPerBlock)
      this.#hold(rows, start, end)
      return multiply()
    } finally {
      if (end * this.#dim * rows.BYTES_PER_ELEMENT > this.#keptBytes) this.#drop(start / this.rowsPerBlock)
    }
  }

  /** The weights of the block start..end, by `weigh` for each row unless they are known. */
  weights(start: number, end: number, weigh: (row: number) => RowWeight): BlockWeights {
    const known = this.#weights[start / this.rowsPerBlock]
    if (known?.weights.length === end - start) return known
    const weights = new Float64Array(end - start)
    const offsets = new Float64Array(end - start)
    const made = { weights, offsets, largestWeight: 0, largestOffset: 0, largestNorm: 0 }
    for (let row = start; row < end; row++) {
      const { weight, offset, norm } = weigh(row)
      weights[row - start] = weight
      offsets[row - start] = offset
      made.largestWeight = Math.max(made.largestWeight, weight)
      made.largestOffset = Math.max(made.largestOffset, offset)
      made.largestNorm = Math.max(made.largestNorm, weight * norm)
    }
    this.#weights[start / this.rowsPerBlock] = made
    return made
  }

  /** Frees the memory of all blocks; needed when rows have changed, and harmless otherwise. */
  dispose(): void {
    for (const block of this.#tensors.keys()) this.#drop(block)
    this.#weights.length = 0
  }

  #hold(rows: Float32Array | Int8Array, start: number, end: number): void {
    const block = start / this.rowsPerBlock
    if (this.#tensors[block]?.shape[0] === end - start) return
    this.#drop(block)
    this.#tensors[block] = tensor(rows.subarray(start * this.#dim, end * this.#dim), {
      shape: [end - start, this.#dim],
      device: 'cpu',
    })
  }

  #drop(block: number): void {
    this.#tensors[block]?.dispose()
    this.#tensors[block] = undefined
  }
}
