import { SurprisalError } from '@surprisal/tensor'
import { type Bm25Options, bm25Parameters, meanRawIdf, saturated, saturation } from './bm25-variants.ts'
import { luceneNormRoundTrip } from './lucene-norm.ts'
import { lengthNorms, queryTerms } from './query-terms.ts'

/**
 * BM25 of one query against every document, without an index: for small collections, and as the definition that
 * {@link BM25Index} is tested against. Formulas of the variants: see {@link Bm25Options}.
 *
 * Query tokens count with multiplicity; a token that no document has contributes 0.
 *
 * @param docs the tokens of each document
 * @param query the tokens of the query
 * @returns one score per document
 * @throws {SurprisalError} `'argument'`: unknown variant, parameter out of range, not lists of strings
 * @example
 * bm25Scores([['a', 'cat'], ['a', 'dog']], ['cat']) // => [0.31506690861, 0]
 */
export function bm25Scores(
  docs: readonly (readonly string[])[],
  query: readonly string[],
  options: Bm25Options = {},
): number[] {
  const parameters = bm25Parameters('bm25Scores', options)
  requireTokens('docs', docs)
  requireTokens('query', [query])
  const counts = docs.map(countTokens)
  const frequencies = new Map<string, number>()
  for (const count of counts) {
    for (const token of count.keys()) frequencies.set(token, (frequencies.get(token) ?? 0) + 1)
  }
  const meanIdf = () => meanRawIdf(parameters.variant, docs.length, frequencies.values())
  const terms = queryTerms(query, parameters, docs.length, token => frequencies.get(token) ?? 0, meanIdf)
  const lengths = docs.map(doc => doc.length)
  const average = lengths.reduce((sum, length) => sum + length, 0) / docs.length
  const norms = lengthNorms(parameters.lossyNorms ? luceneNormRoundTrip(lengths) : lengths, average, parameters.b)
  const { S, T } = saturation(parameters)
  return counts.map((count, d) => {
    let score = 0
    for (const { token, weight, bonus } of terms) {
      const tf = count.get(token)
      if (tf !== undefined) score += weight * saturated(tf, norms[d], S, T) + bonus
    }
    return score
  })
}

function countTokens(tokens: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const token of tokens) counts.set(token, (counts.get(token) ?? 0) + 1)
  return counts
}

function requireTokens(argument: string, lists: readonly (readonly string[])[]): void {
  if (!Array.isArray(lists) || !lists.every(list => Array.isArray(list) && list.every(t => typeof t === 'string'))) {
    const expected = argument === 'query' ? 'a list of strings' : 'a list of lists of strings'
    throw new SurprisalError('argument', `bm25Scores: ${argument} must be ${expected}`)
  }
}
