import { evaluateRun } from '@surprisal/retrieval'
import type { EvaluationRow, EvaluationSet, SystemName } from '../server/types.ts'
import type { QuerySet } from './queries.ts'
import { type SearchEngine, systemNames } from './search-engine.ts'

const depth = 100

/** Name in the table and name in trec_eval's language. */
const measures = {
  'recall@1': 'recall_1',
  'recall@10': 'recall_10',
  'recall@100': 'recall_100',
  'mrr@10': 'recip_rank_cut_10',
  'ndcg@10': 'ndcg_cut_10',
} as const

/** What is measured. */
export type MeasuredEngine = Pick<SearchEngine, 'rank' | 'bytesPerDocument'>

/** Called with the number of queries done, a few times a second; what it throws ends the evaluation. */
export type OnQueries = (done: number) => void | Promise<void>

const millisecondsBetweenCalls = 100

/** Measures one system on a set of queries; only the searching counts as its time. */
export async function evaluateSystem(
  engine: MeasuredEngine,
  system: SystemName,
  { queries }: QuerySet,
  onQueries: OnQueries = () => undefined,
): Promise<EvaluationRow> {
  const run: Record<string, Record<string, number>> = {}
  const judgements: Record<string, Record<string, number>> = {}
  let milliseconds = 0
  let called = performance.now()
  for (const [i, { query, relevant, exclude }] of queries.entries()) {
    const started = performance.now()
    const ranking = engine.rank(query, { system, k: exclude === undefined ? depth : depth + 1 })
    const ended = performance.now()
    milliseconds += ended - started
    const counted = ranking.filter(({ id }) => id !== exclude).slice(0, depth)
    run[i] = Object.fromEntries(counted.map(({ id, score }) => [id, score]))
    judgements[i] = Object.fromEntries(relevant.map(id => [id, 1]))
    if (ended - called > millisecondsBetweenCalls) {
      await onQueries(i + 1)
      called = performance.now()
    }
  }
  await onQueries(queries.length)
  const { aggregate } = evaluateRun(run, judgements, { measures: Object.values(measures), completeQrels: true })
  const metrics = Object.fromEntries(Object.entries(measures).map(([name, measure]) => [name, aggregate[measure]]))
  const queriesPerSecond = (1000 * queries.length) / Math.max(milliseconds, 1e-3)
  return { system, metrics, bytesPerDocument: engine.bytesPerDocument(system), queriesPerSecond }
}

/** Measures all systems on a set of queries; `onQueries` counts through all of them. */
export async function evaluateSystems(
  engine: MeasuredEngine,
  set: QuerySet,
  onQueries: OnQueries = () => undefined,
): Promise<EvaluationSet> {
  const rows: EvaluationRow[] = []
  for (const system of systemNames) {
    const before = rows.length * set.queries.length
    rows.push(await evaluateSystem(engine, system, set, done => onQueries(before + done)))
  }
  return { queries: set.name, rows }
}
