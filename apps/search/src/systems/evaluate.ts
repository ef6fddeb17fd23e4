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
export type MeasuredEngine = Pick<SearchEngine, 'rankAll' | 'bytesPerDocument'>

/** Called with the number of queries done, a few times a second at most; what it throws ends the evaluation. */
export type OnQueries = (done: number) => void | Promise<void>

const millisecondsBetweenCalls = 100
/** Queries that are searched together: enough for the speed of a batch, few enough to let signals in between. */
const queriesPerBatch = 64

/** Measures one system on a set of queries; only the searching, in batches, counts as its time. */
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
  for (let at = 0; at < queries.length; at += queriesPerBatch) {
    const batch = queries.slice(at, at + queriesPerBatch)
    const texts = batch.map(({ query }) => query)
    const k = batch.some(({ exclude }) => exclude !== undefined) ? depth + 1 : depth
    const started = performance.now()
    const rankings = engine.rankAll(texts, { system, k })
    const ended = performance.now()
    milliseconds += ended - started
    for (const [i, { relevant, exclude }] of batch.entries()) {
      const counted = rankings[i].filter(({ id }) => id !== exclude).slice(0, depth)
      run[at + i] = Object.fromEntries(counted.map(({ id, score }) => [id, score]))
      judgements[at + i] = Object.fromEntries(relevant.map(id => [id, 1]))
    }
    if (ended - called > millisecondsBetweenCalls) {
      await onQueries(at + batch.length)
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
