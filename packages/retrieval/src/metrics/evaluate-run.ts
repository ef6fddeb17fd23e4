/**
 * Evaluation of ranked results against relevance judgements, with the semantics of trec_eval 9.
 */
import { SurprisalError } from '@surprisal/tensor'
import { requireRecord } from '../_shared/check.ts'
import * as measures from './measures.ts'
import { type JudgedRanking, judge, trecOrder } from './ranking.ts'

/** Scores of retrieved documents by query and document, or judgements by query and document. */
export type ScoresByQuery = Readonly<Record<string, Readonly<Record<string, number>>>>

/** Options of {@link evaluateRun}. */
export interface EvaluateRunOptions {
  /**
   * From which judgement on a document is relevant (for all measures but ndcg).
   * @default 1
   */
  relevanceLevel?: number
  /**
   * Which measures: names such as `'ndcg_cut_10'`, `'recall_100'`, `'map'`, or a family such as `'P'`, which gives
   * `P_k` for each of the cut-offs.
   * @default all of them
   */
  measures?: readonly string[]
  /**
   * The k of the families.
   * @default [1, 3, 5, 10]
   */
  cutoffs?: readonly number[]
  /**
   * Averages over all judged queries, those missing from the run counting 0, instead of over the queries of both.
   * @default false
   */
  completeQrels?: boolean
  /**
   * ndcg with the gain 2^judgement - 1 instead of the judgement itself.
   * @default false
   */
  exponentialGain?: boolean
}

/** Values by measure, for each query and on average. */
export interface Evaluation {
  perQuery: Record<string, Record<string, number>>
  /** Means over the queries; 0 without any query. */
  aggregate: Record<string, number>
}

type Measure = (ranking: JudgedRanking) => number
type Gain = (judgement: number) => number

/** Measures of the whole ranking. */
const WHOLE: Record<string, (gain: Gain) => Measure> = {
  map: () => ranking => measures.averagePrecision(ranking),
  recip_rank: () => ranking => measures.reciprocalRank(ranking),
  ndcg: gain => ranking => measures.ndcg(ranking, gain),
  Rprec: () => measures.rPrecision,
  bpref: () => measures.bpref,
}

/** Measures of the first k. */
const CUT: Record<string, (k: number, gain: Gain) => Measure> = {
  map_cut: k => ranking => measures.averagePrecision(ranking, k),
  P: k => ranking => measures.precision(ranking, k),
  recall: k => ranking => measures.recall(ranking, k),
  success: k => ranking => measures.success(ranking, k),
  recip_rank_cut: k => ranking => measures.reciprocalRank(ranking, k),
  ndcg_cut: (k, gain) => ranking => measures.ndcg(ranking, gain, k),
  hole: k => ranking => measures.hole(ranking, k),
}

/**
 * Scores a run against judgements.
 *
 * Documents are ordered by score (as a 32-bit float) descending, ties by id descending. Evaluated are the queries that
 * have both results and judgements. An unjudged document is not relevant; a negative judgement gains 0. A query without
 * relevant documents has 0 everywhere.
 *
 * | measure                          | value                                                                      |
 * | `map`, `map_cut_k`               | mean over all relevant documents of the precision at their rank            |
 * | `P_k`                            | relevant among the first k, over k                                         |
 * | `recall_k`                       | relevant among the first k, over all relevant                              |
 * | `success_k`                      | 1 if a relevant document is among the first k                              |
 * | `recip_rank`, `recip_rank_cut_k` | 1 / rank of the first relevant document (MRR when averaged)                |
 * | `ndcg`, `ndcg_cut_k`             | gain = judgement, discount log2(rank + 1), ideal over all judged documents |
 * | `Rprec`                          | precision after as many documents as are relevant                          |
 * | `bpref`                          | how rarely documents judged not relevant stand above relevant ones         |
 * | `hole_k`                         | documents without judgement among the first k, over k                      |
 *
 * @param run `{query: {document: score}}`
 * @param qrels `{query: {document: judgement}}`
 * @throws {SurprisalError} `'argument'`: unknown measure (the known ones are listed), a score that is not a number, a
 *   judgement that is not finite
 * @see Buckley and Voorhees, "Retrieval Evaluation with Incomplete Information" (2004); Jarvelin and Kekalainen,
 *   "Cumulated gain-based evaluation of IR techniques" (2002); NIST trec_eval 9
 * @example
 * evaluateRun({ q: { a: 2, b: 1 } }, { q: { b: 1 } }, { measures: ['recip_rank'] }).aggregate // => { recip_rank: 0.5 }
 */
export function evaluateRun(run: ScoresByQuery, qrels: ScoresByQuery, options: EvaluateRunOptions = {}): Evaluation {
  const { relevanceLevel = 1, completeQrels = false } = options
  if (!Number.isFinite(relevanceLevel)) {
    throw new SurprisalError('argument', `evaluateRun: relevanceLevel must be a finite number, got ${relevanceLevel}`)
  }
  requireRecord('evaluateRun', 'run', run)
  requireRecord('evaluateRun', 'qrels', qrels)
  const chosen = chooseMeasures(options)
  const judged = Object.keys(qrels)
  const queries = judged.filter(query => Object.hasOwn(run, query))
  const rows = queries.map(query => {
    requireRecord('evaluateRun', `run["${query}"]`, run[query])
    requireRecord('evaluateRun', `qrels["${query}"]`, qrels[query])
    const ranking = judge(query, trecOrder(query, run[query]), qrels[query], relevanceLevel)
    return chosen.map(({ measure }) => measure(ranking))
  })
  const total = completeQrels ? judged.length : queries.length
  return {
    perQuery: Object.fromEntries(queries.map((query, i) => [query, named(chosen, m => rows[i][m])])),
    aggregate: named(chosen, m => (total === 0 ? 0 : rows.reduce((sum, row) => sum + row[m], 0) / total)),
  }
}

interface NamedMeasure {
  name: string
  measure: Measure
}

function named(chosen: readonly NamedMeasure[], value: (index: number) => number): Record<string, number> {
  return Object.fromEntries(chosen.map(({ name }, i) => [name, value(i)]))
}

function chooseMeasures({ measures: names, cutoffs = [1, 3, 5, 10], exponentialGain = false }: EvaluateRunOptions) {
  for (const k of cutoffs) {
    if (!Number.isInteger(k) || k < 1) {
      throw new SurprisalError('argument', `evaluateRun: cutoffs must be integers >= 1, got ${String(k)}`)
    }
  }
  const gain: Gain = exponentialGain ? judgement => 2 ** judgement - 1 : judgement => judgement
  return (names ?? [...Object.keys(WHOLE), ...Object.keys(CUT)]).flatMap(name => resolve(name, cutoffs, gain))
}

function resolve(name: string, cutoffs: readonly number[], gain: Gain): NamedMeasure[] {
  if (Object.hasOwn(WHOLE, name)) return [{ name, measure: WHOLE[name](gain) }]
  if (Object.hasOwn(CUT, name)) return cutoffs.map(k => ({ name: `${name}_${k}`, measure: CUT[name](k, gain) }))
  const [, family, k] = /^(.+)_([1-9]\d*)$/.exec(name) ?? []
  if (family !== undefined && Object.hasOwn(CUT, family)) return [{ name, measure: CUT[family](Number(k), gain) }]
  const known = [...Object.keys(WHOLE), ...Object.keys(CUT).map(prefix => `${prefix}_k`)].join(', ')
  throw new SurprisalError('argument', `evaluateRun: measures must be among ${known}, got ${String(name)}`)
}
