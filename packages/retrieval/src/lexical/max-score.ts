/**
 * Top-k over postings without scoring every document (MaxScore). Terms come in descending order of weight. As soon as
 * k documents are found, terms at the end of the list whose largest contributions together cannot lift a document over
 * the k-th score are no longer reason to look at a document: they are only looked up for documents that another term
 * has brought up, and only while these can still get in.
 *
 * Documents are taken window by window: the essential terms add up in an array, one list after the other. Scores are
 * summed in the order of the terms in either way, so they equal exhaustive ones bit for bit; rows come up in ascending
 * order, so ties do too.
 *
 * @see Turtle and Flood, "Query evaluation: strategies and optimizations" (1995)
 */
import { type Ranking, TopK } from '../_shared/top-k.ts'
import { saturated } from './bm25-variants.ts'
import { frequencyOf, OVERFLOW, type Postings, seek } from './postings.ts'

/** A query term with its list of postings. */
export interface ScoredTerm {
  /** First posting and the one after the last. */
  start: number
  end: number
  weight: number
  bonus: number
  /** The largest contribution to any document; >= 0. */
  bound: number
}

const WINDOW = 4096
/** Covers the rounding of sums of bounds, relative to the largest possible score. */
const SLACK = 1e-13

/** The k best documents that have at least one of the terms. */
export function maxScore(
  postings: Postings,
  norms: Float64Array,
  { S, T }: { S: number; T: number },
  terms: readonly ScoredTerm[],
  k: number,
  accept?: (row: number) => boolean,
): Ranking {
  const { documents } = postings
  const count = norms.length
  const top = new TopK(Math.min(k, count))
  const rest = boundsOfRest(terms)
  const cursors = terms.map(term => term.start)
  const scores = new Float64Array(WINDOW)
  const touched = new Int32Array(WINDOW / 32)
  let essential = terms.length

  const complete = (partial: number, row: number): void => {
    // Bounds added one by one round no lower than the contributions will, so this is exact, ties (of which short
    // documents have many) included.
    let upper = partial
    for (let t = essential; t < terms.length; t++) upper += terms[t].bound
    if (top.full && upper <= top.threshold) return
    let score = partial
    for (let t = essential; t < terms.length; t++) {
      if (top.full && score + rest[t] <= top.threshold) return
      const { end, weight, bonus } = terms[t]
      const p = seek(documents, cursors[t], end, row)
      cursors[t] = p
      if (p < end && documents[p] === row) {
        score += weight * saturated(frequencyOf(postings, p), norms[row], S, T) + bonus
      }
    }
    if ((score > top.threshold || !top.full) && (accept === undefined || accept(row))) top.offer(score, row)
  }

  for (let low = 0; low < count; low += WINDOW) {
    while (essential > 0 && top.full && rest[essential - 1] <= top.threshold) essential--
    if (essential === 0) break
    const high = Math.min(count, low + WINDOW)
    for (let t = 0; t < essential; t++) {
      cursors[t] = accumulate(postings, norms, S, T, terms[t], cursors[t], low, high, scores, touched)
    }
    for (let w = 0; w < touched.length; w++) {
      for (let bits = touched[w]; bits !== 0; bits &= bits - 1) {
        const i = (w << 5) + 31 - Math.clz32(bits & -bits)
        const score = scores[i]
        scores[i] = 0
        if (!top.full || score + rest[essential] > top.threshold) complete(score, low + i)
      }
      touched[w] = 0
    }
  }
  return top.take()
}

/** Adds one term's contributions to the documents of a window; returns the first posting behind it. */
function accumulate(
  postings: Postings,
  norms: Float64Array,
  S: number,
  T: number,
  { end, weight, bonus }: ScoredTerm,
  from: number,
  low: number,
  high: number,
  scores: Float64Array,
  touched: Int32Array,
): number {
  const { documents, frequencies } = postings
  let p = from
  for (; p < end; p++) {
    const row = documents[p]
    if (row >= high) break
    const frequency = frequencies[p] === OVERFLOW ? frequencyOf(postings, p) : frequencies[p]
    const i = row - low
    scores[i] += weight * saturated(frequency, norms[row], S, T) + bonus
    touched[i >> 5] |= 1 << (i & 31)
  }
  return p
}

/** Entry t: what the terms from t on can add at most; exactly 0 behind the last. */
function boundsOfRest(terms: readonly ScoredTerm[]): Float64Array {
  const rest = new Float64Array(terms.length + 1)
  const largest = terms.reduce((sum, { weight, bonus }) => sum + Math.abs(weight) + bonus, 0)
  let sum = 0
  for (let t = terms.length - 1; t >= 0; t--) {
    sum += terms[t].bound
    rest[t] = sum + SLACK * largest
  }
  return rest
}
