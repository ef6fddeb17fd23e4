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

/** Measures one system on a set of queries. */
export function evaluateSystem(engine: SearchEngine, system: SystemName, { queries }: QuerySet): EvaluationRow {
  const run: Record<string, Record<string, number>> = {}
  const judgements: Record<string, Record<string, number>> = {}
  const started = performance.now()
  queries.forEach(({ query, exclude }, i) => {
    const ranking = engine.rank(query, { system, k: exclude === undefined ? depth : depth + 1 })
    const counted = ranking.filter(({ id }) => id !== exclude).slice(0, depth)
    run[i] = Object.fromEntries(counted.map(({ id, score }) => [id, score]))
  })
  const seconds = (performance.now() - started) / 1000
  queries.forEach(({ relevant }, i) => {
    judgements[i] = Object.fromEntries(relevant.map(id => [id, 1]))
  })
  const { aggregate } = evaluateRun(run, judgements, { measures: Object.values(measures), completeQrels: true })
  const metrics = Object.fromEntries(Object.entries(measures).map(([name, measure]) => [name, aggregate[measure]]))
  return { system, metrics, bytesPerDocument: engine.bytesPerDocument(system), queriesPerSecond: queries.length / seconds }
}

/** Measures all systems on a set of queries; gives the event loop a turn between two of them. */
export async function evaluateSystems(
  engine: SearchEngine,
  set: QuerySet,
  onSystem: (done: number) => void = () => undefined,
): Promise<EvaluationSet> {
  const rows: EvaluationRow[] = []
  for (const system of systemNames) {
    rows.push(evaluateSystem(engine, system, set))
    onSystem(rows.length)
    await new Promise(resolve => setImmediate(resolve))
  }
  return { queries: set.name, rows }
}
