import { SurprisalError } from '@surprisal/tensor'
import type { Corpus } from '../data/corpus.ts'
import type { SearchEngine } from './search-engine.ts'

/** A query with what it should find. */
export interface JudgedQuery {
  query: string
  /** Ids of relevant documents. */
  relevant: string[]
  /** A document that must not be counted: the one that the query was taken from. */
  exclude?: string
}

export interface QuerySet {
  /** What the queries are. */
  name: string
  queries: JudgedQuery[]
}

/**
 * The two sets of held-out queries. Example sentences should find the document whose words they show; texts should
 * find the documents of near meaning, where their own document does not count.
 * @param heldOut positions of documents that no training has seen
 * @param limits queries of each set at most
 */
export function heldOutQueries(
  { documents, kind }: Corpus,
  heldOut: readonly number[],
  limits: { examples: number; texts: number },
): QuerySet[] {
  const examples = heldOut.flatMap(i => documents[i].examples.map(query => ({ query, relevant: [documents[i].id] })))
  const texts = heldOut.flatMap(i => {
    const { id, text, related } = documents[i]
    return related.length === 0 ? [] : [{ query: text, relevant: related.map(j => documents[j].id), exclude: id }]
  })
  const names =
    kind === 'wordnet'
      ? [
          'held-out example sentences, to find their synset',
          'held-out definitions, to find the synsets of near meaning',
        ]
      : ['held-out examples', 'held-out passages, to find the passages beside them']
  const sets = [spread(names[0], examples, limits.examples), spread(names[1], texts, limits.texts)]
  return sets.filter(set => set.queries.length > 0)
}

/** At most `limit` queries, taken evenly from the whole list. */
function spread(name: string, queries: readonly JudgedQuery[], limit: number): QuerySet {
  const stride = Math.max(1, queries.length / limit)
  const count = Math.min(limit, queries.length)
  return { name, queries: Array.from({ length: count }, (_, i) => queries[Math.floor(i * stride)]) }
}

/**
 * Judged queries as far as the corpus has what they look for: ids that it lacks are left out, and queries that have
 * none left.
 * @returns those queries, and the ids that were left out
 * @throws {SurprisalError} `argument` when no query is left
 */
export function knownQueries(
  { name, queries }: QuerySet,
  index: Pick<SearchEngine, 'has'>,
): { set: QuerySet; unknown: string[] } {
  const unknown = new Set(queries.flatMap(({ relevant }) => relevant.filter(id => !index.has(id))))
  const kept = queries.flatMap(query => {
    const relevant = query.relevant.filter(id => index.has(id))
    return relevant.length === 0 ? [] : [{ ...query, relevant }]
  })
  if (kept.length === 0)
    throw new SurprisalError(
      'argument',
      `search: ${name} names no document that is indexed (${[...unknown][0]}, for example, is not); ` +
        'its ids must be of documents that --preset and --dir take in',
    )
  return { set: { name, queries: kept }, unknown: [...unknown] }
}
