import { type Bm25Parameters, meanRawIdf, saturated, saturation } from './bm25-variants.ts'
import { luceneNormRoundTrip } from './lucene-norm.ts'
import { frequencyOf, type Postings } from './postings.ts'
import { lengthNorms } from './query-terms.ts'

/** What BM25 needs to know of a collection besides its postings, computed once per state of the collection. */
export class CollectionStatistics {
  readonly postings: Postings
  /** Average number of tokens; 0 without documents. */
  readonly average: number
  /** 1 - b + b * l / L of each document. */
  readonly norms: Float64Array
  /** The largest saturated frequency of each term over its documents. */
  readonly maxima: Float64Array
  readonly #parameters: Bm25Parameters
  #meanIdf: number | undefined

  constructor(postings: Postings, parameters: Bm25Parameters) {
    const { lengths } = postings
    this.postings = postings
    this.#parameters = parameters
    this.average = lengths.length === 0 ? 0 : lengths.reduce((sum, length) => sum + length, 0) / lengths.length
    const read = parameters.lossyNorms ? luceneNormRoundTrip(Array.from(lengths)) : lengths
    this.norms = lengthNorms(read, this.average, parameters.b)
    this.maxima = maxima(postings, this.norms, parameters)
  }

  /** The mean raw idf over the vocabulary; a bound function, so that it can be handed on. */
  readonly meanIdf = (): number => {
    const { terms, offsets, lengths } = this.postings
    const frequencies = terms.map((_, t) => offsets[t + 1] - offsets[t])
    this.#meanIdf ??= meanRawIdf(this.#parameters.variant, lengths.length, frequencies)
    return this.#meanIdf
  }
}

function maxima(postings: Postings, norms: Float64Array, parameters: Bm25Parameters): Float64Array {
  const { S, T } = saturation(parameters)
  const { offsets, documents, terms } = postings
  return Float64Array.from(terms, (_, t) => {
    let largest = 0
    for (let p = offsets[t]; p < offsets[t + 1]; p++) {
      largest = Math.max(largest, saturated(frequencyOf(postings, p), norms[documents[p]], S, T))
    }
    return largest
  })
}
