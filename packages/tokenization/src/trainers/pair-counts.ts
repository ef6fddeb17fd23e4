import { PairTable } from '../_shared/pair-table.ts'
import { type Candidate, PairHeap } from './pair-heap.ts'

/**
 * How often each pair of ids stands side by side, and in which words. The heap holds counts of some moment: an entry
 * is checked when it comes up, and put back with the present count when that has fallen meanwhile.
 */
export class PairCounts {
  #table = new PairTable(1024)
  #lefts: number[] = []
  #rights: number[] = []
  #counts: number[] = []
  #words: number[][] = []
  #heap = new PairHeap()
  #raised = new Set<number>()

  /** Counts `times` more of (left, right), seen in word `word`. */
  raise(left: number, right: number, times: number, word: number): void {
    let pair = this.#table.get(left, right)
    if (pair < 0) {
      pair = this.#counts.length
      this.#table.set(left, right, pair)
      this.#lefts.push(left)
      this.#rights.push(right)
      this.#counts.push(0)
      this.#words.push([])
    }
    this.#counts[pair] += times
    const words = this.#words[pair]
    if (words[words.length - 1] !== word) words.push(word)
    this.#raised.add(pair)
  }

  /** Counts `times` less of (left, right); a pair never raised is none of ours. */
  lower(left: number, right: number, times: number): void {
    const pair = this.#table.get(left, right)
    if (pair >= 0) this.#counts[pair] -= times
  }

  /** Offers the pairs that were raised since the last call. */
  commit(): void {
    for (const pair of this.#raised) this.#offer(pair)
    this.#raised.clear()
  }

  /** Takes the most frequent pair, ties going to the smaller (left, right); undefined when no pair is left. */
  take(): Candidate | undefined {
    for (;;) {
      const top = this.#heap.pop()
      if (top === undefined) return undefined
      const count = this.#counts[top.pair]
      if (count === top.count) return top
      if (count < top.count) this.#offer(top.pair)
    }
  }

  /** The words that held the pair at some time, each at least once; the list is handed over. */
  takeWords(pair: number): number[] {
    const words = this.#words[pair]
    this.#words[pair] = []
    return words
  }

  #offer(pair: number): void {
    const count = this.#counts[pair]
    if (count > 0) this.#heap.push({ count, left: this.#lefts[pair], right: this.#rights[pair], pair })
  }
}
