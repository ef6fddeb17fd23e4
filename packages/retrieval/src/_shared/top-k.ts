/** Row numbers and their scores, best first. */
export interface Ranking {
  rows: Int32Array
  scores: Float64Array
}

/**
 * The k best of a stream of scored rows, in a binary heap whose root is the worst kept one. Larger scores are better;
 * of equal scores the lower row is better, so the outcome does not depend on the order of the offers.
 */
export class TopK {
  /** The score of the worst kept row once k are kept, -Infinity before: offers below it cannot enter. */
  threshold = -Infinity
  readonly #k: number
  readonly #rows: Int32Array
  readonly #scores: Float64Array
  #size = 0

  constructor(k: number) {
    this.#k = k
    this.#rows = new Int32Array(k)
    this.#scores = new Float64Array(k)
  }

  /** Whether k rows are kept. */
  get full(): boolean {
    return this.#size === this.#k
  }

  /** Keeps the row if it belongs to the k best so far. */
  offer(score: number, row: number): void {
    const rows = this.#rows
    const scores = this.#scores
    if (this.#size < this.#k) {
      let child = this.#size++
      while (child > 0) {
        const parent = (child - 1) >> 1
        if (!isWorse(score, row, scores[parent], rows[parent])) break
        scores[child] = scores[parent]
        rows[child] = rows[parent]
        child = parent
      }
      scores[child] = score
      rows[child] = row
      if (this.#size === this.#k) this.threshold = scores[0]
    } else if (this.#k > 0 && isWorse(scores[0], rows[0], score, row)) {
      this.#sink(score, row, this.#size)
      this.threshold = scores[0]
    }
  }

  /** The kept rows, best first; empties the selection. */
  take(): Ranking {
    const n = this.#size
    for (let end = n - 1; end > 0; end--) {
      const score = this.#scores[end]
      const row = this.#rows[end]
      this.#scores[end] = this.#scores[0]
      this.#rows[end] = this.#rows[0]
      this.#sink(score, row, end)
    }
    this.#size = 0
    this.threshold = -Infinity
    return { rows: this.#rows.slice(0, n), scores: this.#scores.slice(0, n) }
  }

  #sink(score: number, row: number, size: number): void {
    const rows = this.#rows
    const scores = this.#scores
    let hole = 0
    for (let child = 1; child < size; child = 2 * hole + 1) {
      const right = child + 1
      if (right < size && isWorse(scores[right], rows[right], scores[child], rows[child])) child = right
      if (!isWorse(scores[child], rows[child], score, row)) break
      scores[hole] = scores[child]
      rows[hole] = rows[child]
      hole = child
    }
    scores[hole] = score
    rows[hole] = row
  }
}

function isWorse(score: number, row: number, otherScore: number, otherRow: number): boolean {
  return score < otherScore || (score === otherScore && row > otherRow)
}
