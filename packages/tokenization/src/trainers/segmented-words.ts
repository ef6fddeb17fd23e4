import type { PairCounts } from './pair-counts.ts'

/** The words of a corpus cut into symbols, all in one array, each with its count. Merges shorten the words in place. */
export class SegmentedWords {
  #symbols: Int32Array
  #starts: Int32Array
  #lengths: Int32Array
  #times: readonly number[]

  constructor(words: readonly (readonly number[])[], times: readonly number[]) {
    this.#starts = new Int32Array(words.length)
    this.#lengths = Int32Array.from(words, word => word.length)
    this.#symbols = new Int32Array(this.#lengths.reduce((sum, length) => sum + length, 0))
    this.#times = times
    let start = 0
    words.forEach((word, index) => {
      this.#starts[index] = start
      this.#symbols.set(word, start)
      start += word.length
    })
  }

  /** Counts all pairs that `allowed` lets through. */
  countPairs(counts: PairCounts, allowed: Allowed): void {
    for (let word = 0; word < this.#starts.length; word++) {
      const start = this.#starts[word]
      for (let i = start; i + 1 < start + this.#lengths[word]; i++) {
        const [left, right] = [this.#symbols[i], this.#symbols[i + 1]]
        if (allowed(left, right)) counts.raise(left, right, this.#times[word], word)
      }
    }
  }

  /** Replaces (left, right) by `joined` in one word, left to right without overlap, and keeps the counts right. */
  merge(word: number, left: number, right: number, joined: number, counts: PairCounts, allowed: Allowed): void {
    const symbols = this.#symbols
    const times = this.#times[word]
    const start = this.#starts[word]
    const end = start + this.#lengths[word]
    let write = start
    for (let read = start; read < end; write++) {
      if (symbols[read] !== left || read + 1 >= end || symbols[read + 1] !== right) {
        symbols[write] = symbols[read++]
        continue
      }
      counts.lower(left, right, times)
      if (write > start) {
        const before = symbols[write - 1]
        counts.lower(before, left, times)
        if (allowed(before, joined)) counts.raise(before, joined, times, word)
      }
      if (read + 2 < end) {
        const after = symbols[read + 2]
        counts.lower(right, after, times)
        if (allowed(joined, after)) counts.raise(joined, after, times, word)
      }
      symbols[write] = joined
      read += 2
    }
    this.#lengths[word] = write - start
  }
}

/** Whether a pair may ever be joined. */
export type Allowed = (left: number, right: number) => boolean
