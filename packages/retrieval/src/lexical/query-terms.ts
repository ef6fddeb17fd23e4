/**
 * The terms of one query, ready to score. Terms are added up in descending order of weight (then of first occurrence),
 * in every scorer of this package: a score is the same bit for bit whether documents were scored one by one or pruned.
 */
import { type Bm25Parameters, idf, termWeight } from './bm25-variants.ts'

/** A distinct query term that occurs in the collection. */
export interface QueryTerm {
  token: string
  weight: number
  bonus: number
}

/** The most frequent words weigh least, so that they come last and can be left out. */
export function queryTerms(
  query: readonly string[],
  parameters: Bm25Parameters,
  documents: number,
  documentFrequency: (token: string) => number,
  meanIdf: () => number,
): QueryTerm[] {
  const multiplicities = new Map<string, number>()
  for (const token of query) multiplicities.set(token, (multiplicities.get(token) ?? 0) + 1)
  const terms: QueryTerm[] = []
  for (const [token, multiplicity] of multiplicities) {
    const frequency = documentFrequency(token)
    if (frequency === 0) continue
    const termIdf = idf(parameters, documents, frequency, meanIdf)
    terms.push({ token, ...termWeight(parameters, termIdf, multiplicity) })
  }
  return terms.sort((a, b) => b.weight - a.weight)
}

/** 1 - b + b * l / L of each document. */
export function lengthNorms(lengths: ArrayLike<number>, average: number, b: number): Float64Array {
  return Float64Array.from(lengths, length => (average > 0 ? 1 - b + (b * length) / average : 1))
}
