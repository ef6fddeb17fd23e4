import { type Ranking, TopK } from '../_shared/top-k.ts'

/** Exact scores, larger is better, of a list of rows. */
export type ScoreRow = (row: number) => number

/**
 * The k best of rows whose scores are first known within bounds. Rows that may belong to the k best are kept until
 * better ones rule them out; what is left is scored exactly. Rows must come in ascending order.
 */
export class Candidates {
  /** A row whose score is at most this, and all later ones like it, cannot be among the k best. */
  threshold = -Infinity
  readonly #score: ScoreRow
  /** The k best lower bounds: the k-th is a lower bound of the k-th best score. */
  readonly #lower: TopK
  readonly #best: TopK
  readonly #rows: Int32Array
  readonly #upper: Float64Array
  #size = 0

  /** @param capacity how many undecided rows are kept before they are scored */
  constructor(k: number, score: ScoreRow, capacity = 2 * k + 2048) {
    this.#score = score
    this.#lower = new TopK(k)
    this.#best = new TopK(k)
    this.#rows = new Int32Array(capacity)
    this.#upper = new Float64Array(capacity)
  }

  /** Takes a row whose score is within lower..upper. */
  add(row: number, lower: number, upper: number): void {
    if (this.#size === this.#rows.length) this.#makeRoom()
    this.#rows[this.#size] = row
    this.#upper[this.#size++] = upper
    this.#lower.offer(lower, row)
    if (this.#lower.threshold > this.threshold) this.threshold = this.#lower.threshold
  }

  /** The k best, with their scores rounded to float32, ties to the lower row. */
  take(): Ranking {
    this.#discard()
    this.#scoreAll()
    return this.#best.take()
  }

  #makeRoom(): void {
    this.#discard()
    if (this.#size > this.#rows.length / 2) this.#scoreAll()
  }

  /** Drops rows that later ones have ruled out; those that may round to the same score stay, being earlier. */
  #discard(): void {
    const limit = Math.fround(this.threshold)
    let kept = 0
    for (let i = 0; i < this.#size; i++) {
      if (Math.fround(this.#upper[i]) < limit) continue
      this.#rows[kept] = this.#rows[i]
      this.#upper[kept++] = this.#upper[i]
    }
    this.#size = kept
  }

  #scoreAll(): void {
    for (let i = 0; i < this.#size; i++) {
      this.#best.offer(Math.fround(this.#score(this.#rows[i])), this.#rows[i])
    }
    this.#size = 0
    if (this.#best.threshold > this.threshold) this.threshold = this.#best.threshold
  }
}
