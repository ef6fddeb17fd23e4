import { SurprisalError } from '@surprisal/tensor'
import { compareStrings } from '../_shared/compare.ts'

/** Judgement of each document of a ranking, in rank order: undefined where the document is unjudged. */
export interface JudgedRanking {
  ranked: readonly (number | undefined)[]
  /** All judgements of the query, of documents retrieved or not. */
  judgements: readonly number[]
  /** From which judgement on a document is relevant. */
  relevanceLevel: number
}

/**
 * Documents in the order of trec_eval: by score as a 32-bit float, descending, ties by id descending. (Most of the
 * world, and this package's indexes and fusions, break ties ascending.)
 */
export function trecOrder(query: string, scores: Readonly<Record<string, number>>): string[] {
  const documents = Object.entries(scores).map(([id, score]) => {
    if (typeof score !== 'number' || Number.isNaN(score)) {
      throw new SurprisalError(
        'argument',
        `evaluateRun: run["${query}"]["${id}"] must be a number, got ${String(score)}`,
      )
    }
    return { id, score: Math.fround(score) }
  })
  // Infinite scores are equal to themselves, and their difference is NaN: compare instead of subtracting.
  documents.sort((a, b) => (a.score === b.score ? compareStrings(b.id, a.id) : a.score < b.score ? 1 : -1))
  return documents.map(({ id }) => id)
}

/** Joins a ranking with the judgements of its query. */
export function judge(
  query: string,
  ranking: readonly string[],
  judgements: Readonly<Record<string, number>>,
  relevanceLevel: number,
): JudgedRanking {
  for (const [id, judgement] of Object.entries(judgements)) {
    if (!Number.isFinite(judgement)) {
      throw new SurprisalError(
        'argument',
        `evaluateRun: qrels["${query}"]["${id}"] must be a finite number, got ${String(judgement)}`,
      )
    }
  }
  const ranked = ranking.map(id => (Object.hasOwn(judgements, id) ? judgements[id] : undefined))
  return { ranked, judgements: Object.values(judgements), relevanceLevel }
}
