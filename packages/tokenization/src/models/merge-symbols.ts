import { NumberHeap } from '../_shared/number-heap.ts'
import { type MergeRules, NO_RANK } from './merge-rules.ts'
import type { Symbols } from './symbols.ts'

/** Words up to this many symbols are merged by scanning, longer ones through a heap. */
const LONGEST_SCAN = 32

// rank * 2^26 + position fits the 53 bits of a number exactly.
const POSITIONS = 2 ** 26

/**
 * Joins the present pair of lowest rank, the leftmost first, until no rule applies (Sennrich et al., 2016).
 * Works in place and returns the number of symbols left, which are then the first ones.
 */
export function mergeSymbols(symbols: Symbols, rules: MergeRules): number {
  return symbols.ids.length <= LONGEST_SCAN ? mergeByScan(symbols, rules) : mergeByHeap(symbols, rules)
}

/** O(n^2) with a very small constant: the ranks stand in one short array. */
export function mergeByScan({ ids, starts, ends }: Symbols, rules: MergeRules): number {
  let size = ids.length
  const ranks = new Int32Array(size).fill(NO_RANK)
  for (let i = 0; i + 1 < size; i++) ranks[i] = rules.rank(ids[i], ids[i + 1])
  for (;;) {
    let best = NO_RANK
    let at = 0
    for (let i = 0; i + 1 < size; i++) {
      if (ranks[i] < best) {
        best = ranks[i]
        at = i
      }
    }
    if (best === NO_RANK) return size
    ids[at] = rules.joined(best)
    ends[at] = ends[at + 1]
    size--
    for (let i = at + 1; i < size; i++) {
      ids[i] = ids[i + 1]
      starts[i] = starts[i + 1]
      ends[i] = ends[i + 1]
      ranks[i] = ranks[i + 1]
    }
    if (at > 0) ranks[at - 1] = rules.rank(ids[at - 1], ids[at])
    ranks[at] = at + 1 < size ? rules.rank(ids[at], ids[at + 1]) : NO_RANK
  }
}

/** O(n log n): a heap of (rank, position) over a doubly linked list; entries that no longer hold are skipped. */
export function mergeByHeap({ ids, starts, ends }: Symbols, rules: MergeRules): number {
  const size = ids.length
  const next = Int32Array.from({ length: size }, (_, i) => i + 1)
  const previous = Int32Array.from({ length: size }, (_, i) => i - 1)
  const ranks = new Int32Array(size).fill(NO_RANK)
  const heap = new NumberHeap(size)
  const rankAgain = (at: number): void => {
    ranks[at] = next[at] < size ? rules.rank(ids[at], ids[next[at]]) : NO_RANK
    if (ranks[at] !== NO_RANK) heap.push(ranks[at] * POSITIONS + at)
  }
  for (let i = 0; i < size; i++) rankAgain(i)
  while (heap.size > 0) {
    const key = heap.pop()
    const rank = Math.floor(key / POSITIONS)
    const at = key - rank * POSITIONS
    if (ranks[at] !== rank) continue
    const right = next[at]
    ids[at] = rules.joined(rank)
    ends[at] = ends[right]
    ranks[right] = NO_RANK
    next[at] = next[right]
    if (next[at] < size) previous[next[at]] = at
    rankAgain(at)
    if (previous[at] >= 0) rankAgain(previous[at])
  }
  let kept = 0
  for (let at = 0; at < size; at = next[at]) {
    ids[kept] = ids[at]
    starts[kept] = starts[at]
    ends[kept] = ends[at]
    kept++
  }
  return kept
}
