import { emptyPostings, frequencyOf, OVERFLOW, type Postings } from './postings.ts'

/**
 * Collects documents and removals, and merges them into postings when those are asked for. Documents stand in slots:
 * first those of the merged postings, then the pending ones; a removal only takes the slot out of the list of living
 * ones. A merge takes time proportional to all postings, so many changes between two searches cost as much as one.
 */
export class PostingsBuilder {
  #merged: Postings
  #vocabulary: Map<string, number>
  /** Slots of the living documents, ascending: entry r is the slot of row r. */
  #living: number[]
  #dirty = false
  /** Pending postings, document after document, and where each document starts. */
  #terms: number[] = []
  #counts: number[] = []
  #starts: number[] = [0]
  #lengths: number[] = []

  constructor(postings: Postings = emptyPostings()) {
    this.#merged = postings
    this.#vocabulary = new Map(postings.terms.map((term, i) => [term, i]))
    this.#living = Array.from(postings.lengths, (_, i) => i)
  }

  /** The number of a term that some document has, as of the last merge. */
  term(token: string): number | undefined {
    return this.#vocabulary.get(token)
  }

  /** Appends one document. */
  add(tokens: readonly string[]): void {
    const first = this.#terms.length
    const places = new Map<number, number>()
    for (const token of tokens) {
      const term = this.#number(token)
      const place = places.get(term)
      if (place !== undefined) {
        this.#counts[place]++
        continue
      }
      places.set(term, this.#terms.length)
      this.#terms.push(term)
      this.#counts.push(1)
    }
    this.#starts.push(first + places.size)
    this.#living.push(this.#merged.lengths.length + this.#lengths.length)
    this.#lengths.push(tokens.length)
    this.#dirty = true
  }

  /** Keeps only these rows, ascending. */
  keep(rows: Int32Array): void {
    this.#living = Array.from(rows, row => this.#living[row])
    this.#dirty = true
  }

  /** The postings of the living documents; the same object until something changes. */
  postings(): Postings {
    if (this.#dirty) this.#merge()
    return this.#merged
  }

  #number(token: string): number {
    let term = this.#vocabulary.get(token)
    if (term === undefined) {
      term = this.#vocabulary.size
      this.#vocabulary.set(token, term)
    }
    return term
  }

  #merge(): void {
    const rowOf = new Int32Array(this.#merged.lengths.length + this.#lengths.length).fill(-1)
    for (const [row, slot] of this.#living.entries()) rowOf[slot] = row
    const counts = new Int32Array(this.#vocabulary.size)
    this.#eachPosting(rowOf, term => counts[term]++)

    const terms: string[] = []
    const places = new Int32Array(counts.length)
    const offsets = [0]
    for (const [token, term] of this.#vocabulary) {
      if (counts[term] === 0) continue
      places[term] = offsets[terms.length]
      terms.push(token)
      offsets.push(places[term] + counts[term])
    }
    const documents = new Int32Array(offsets[terms.length])
    const frequencies = new Uint8Array(documents.length)
    const overflow = new Map<number, number>()
    this.#eachPosting(rowOf, (term, row, frequency) => {
      const place = places[term]++
      documents[place] = row
      frequencies[place] = Math.min(frequency, OVERFLOW)
      if (frequency >= OVERFLOW) overflow.set(place, frequency)
    })

    const merged = this.#merged.lengths
    const lengths = Int32Array.from(this.#living, slot =>
      slot < merged.length ? merged[slot] : this.#lengths[slot - merged.length],
    )
    this.#merged = { terms, offsets: Int32Array.from(offsets), documents, frequencies, overflow, lengths }
    this.#living = Array.from(lengths, (_, i) => i)
    if (terms.length < this.#vocabulary.size) this.#vocabulary = new Map(terms.map((term, i) => [term, i]))
    this.#terms = []
    this.#counts = []
    this.#starts = [0]
    this.#lengths = []
    this.#dirty = false
  }

  /** Visits the postings of living documents, those of each term in ascending order of rows. */
  #eachPosting(rowOf: Int32Array, visit: (term: number, row: number, frequency: number) => void): void {
    const { offsets, documents } = this.#merged
    for (let term = 0; term + 1 < offsets.length; term++) {
      for (let p = offsets[term]; p < offsets[term + 1]; p++) {
        if (rowOf[documents[p]] >= 0) visit(term, rowOf[documents[p]], frequencyOf(this.#merged, p))
      }
    }
    const base = this.#merged.lengths.length
    for (let d = 0; d < this.#lengths.length; d++) {
      if (rowOf[base + d] < 0) continue
      for (let i = this.#starts[d]; i < this.#starts[d + 1]; i++)
        visit(this.#terms[i], rowOf[base + d], this.#counts[i])
    }
  }
}
