import type { Ranking } from '../_shared/top-k.ts'
import { TopK } from '../_shared/top-k.ts'

/** Writes scores, larger is better, of rows start..end for query number `query` into out[0..end-start]. */
export type ScoreBlock = (query: number, start: number, end: number, out: Float64Array) => void

/** How many bytes of rows one block holds: small enough to stay in the second-level cache for all queries of a batch. */
const BLOCK_BYTES = 1 << 18

/**
 * Exhaustive top-k of several queries, block by block: each block of rows is fetched from memory once for all queries.
 * Scores are rounded to float32 before they are compared, so that what is reported decides the ties.
 */
export function scan(
  score: ScoreBlock,
  queries: number,
  rows: number,
  bytesPerRow: number,
  k: number,
  accept?: (row: number) => boolean,
): Ranking[] {
  const best = Array.from({ length: queries }, () => new TopK(Math.min(k, rows)))
  const block = Math.max(16, Math.floor(BLOCK_BYTES / bytesPerRow / 4) * 4)
  const out = new Float64Array(Math.min(block, rows))
  for (let start = 0; start < rows; start += block) {
    const end = Math.min(rows, start + block)
    for (let q = 0; q < queries; q++) {
      score(q, start, end, out)
      select(out, start, end, best[q], accept)
    }
  }
  return best.map(top => top.take())
}

function select(out: Float64Array, start: number, end: number, top: TopK, accept?: (row: number) => boolean): void {
  for (let r = start; r < end; r++) {
    const score = Math.fround(out[r - start])
    if ((score > top.threshold || !top.full) && (accept === undefined || accept(r))) top.offer(score, r)
  }
}
