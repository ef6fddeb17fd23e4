/**
 * An inverted index in typed arrays: for each term the documents that have it, ascending, with its frequency in each.
 */

/** Frequencies are kept in one byte; this value means "look into `overflow`". */
export const OVERFLOW = 255

/** Postings of all terms, one list after the other. */
export interface Postings {
  /** Terms by number. */
  terms: string[]
  /** List of term t: postings offsets[t] .. offsets[t + 1]. */
  offsets: Int32Array
  /** Document row of each posting. */
  documents: Int32Array
  /** Frequency of each posting, or OVERFLOW. */
  frequencies: Uint8Array
  /** Frequencies of at least OVERFLOW, by posting. */
  overflow: Map<number, number>
  /** Number of tokens of each document. */
  lengths: Int32Array
}

/** Postings of nothing. */
export function emptyPostings(): Postings {
  return {
    terms: [],
    offsets: new Int32Array(1),
    documents: new Int32Array(0),
    frequencies: new Uint8Array(0),
    overflow: new Map(),
    lengths: new Int32Array(0),
  }
}

/** The frequency that belongs to a posting. */
export function frequencyOf({ frequencies, overflow }: Postings, posting: number): number {
  return frequencies[posting] === OVERFLOW ? overflow.get(posting)! : frequencies[posting]
}

/** Whether a term (by number) occurs in a document. */
export function occursIn({ offsets, documents }: Postings, term: number, document: number): boolean {
  const end = offsets[term + 1]
  const posting = seek(documents, offsets[term], end, document)
  return posting < end && documents[posting] === document
}

/** The first posting from `from` on whose document is >= `document`, or `end`: doubling steps, then halving. */
export function seek(documents: Int32Array, from: number, end: number, document: number): number {
  let low = from
  if (low >= end || documents[low] >= document) return low
  let step = 1
  while (low + step < end && documents[low + step] < document) {
    low += step
    step *= 2
  }
  let high = Math.min(end, low + step)
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if (documents[middle] < document) low = middle
    else high = middle
  }
  return high
}
