import { describe, expect, it, vi } from 'vitest'
import { evaluateSystem, evaluateSystems, type MeasuredEngine } from './evaluate.ts'
import { systemNames } from './search-engine.ts'

/** Ranks documents as they are listed per query. */
const engineOf = (rankings: Record<string, string[]>): MeasuredEngine => ({
  rankAll: (queries, { k }) =>
    queries.map(query => (rankings[query] ?? []).slice(0, k).map((id, i) => ({ id, score: 1000 - i }))),
  bytesPerDocument: system => (system === 'binary' ? 40 : 1024),
})
const others = (count: number, from = 0): string[] => Array.from({ length: count }, (_, i) => `x${from + i}`)

describe('evaluateSystem', () => {
  it('agrees with measures counted by hand', async () => {
    const engine = engineOf({
      first: ['a', ...others(99)],
      fourth: [...others(3), 'b', ...others(90, 3)],
      // One of two relevant documents at rank 12, the other not at all.
      twelfth: [...others(11), 'c', ...others(60, 11)],
      nowhere: [],
    })
    const queries = [
      { query: 'first', relevant: ['a'] },
      { query: 'fourth', relevant: ['b'] },
      { query: 'twelfth', relevant: ['c', 'd'] },
      { query: 'nowhere', relevant: ['e'] },
    ]
    const row = await evaluateSystem(engine, 'dense', { name: 'by hand', queries })
    expect(row.system).toBe('dense')
    expect(row.bytesPerDocument).toBe(1024)
    expect(row.queriesPerSecond).toBeGreaterThan(0)
    expect(Number.isFinite(row.queriesPerSecond)).toBe(true)
    expect(Object.keys(row.metrics)).toEqual(['recall@1', 'recall@10', 'recall@100', 'mrr@10', 'ndcg@10'])
    expect(row.metrics['recall@1']).toBeCloseTo(1 / 4, 12)
    expect(row.metrics['recall@10']).toBeCloseTo(2 / 4, 12)
    expect(row.metrics['recall@100']).toBeCloseTo((1 + 1 + 0.5 + 0) / 4, 12)
    expect(row.metrics['mrr@10']).toBeCloseTo((1 + 1 / 4) / 4, 12)
    expect(row.metrics['ndcg@10']).toBeCloseTo((1 + 1 / Math.log2(5)) / 4, 12)
  })

  it('does not count the document that a query was taken from', async () => {
    const rankings = { q: ['self', ...others(99), 'late'] }
    const queries = [{ query: 'q', relevant: ['x0', 'late'], exclude: 'self' }]
    const { metrics } = await evaluateSystem(engineOf(rankings), 'bm25', { name: '', queries })
    // Without itself the first other one is at rank 1, and the hundred that count reach the last.
    expect(metrics).toMatchObject({ 'recall@1': 0.5, 'recall@100': 1, 'mrr@10': 1 })
  })

  it('looks no deeper than a hundred', async () => {
    const rankings = { q: [...others(100), 'a'] }
    const { metrics } = await evaluateSystem(engineOf(rankings), 'bm25', {
      name: '',
      queries: [{ query: 'q', relevant: ['a'] }],
    })
    expect(metrics['recall@100']).toBe(0)
  })

  it('asks for queries in batches, and for one document more only where one will not count', async () => {
    const asked: [number, number][] = []
    const engine: MeasuredEngine = {
      ...engineOf({}),
      rankAll: (queries, { k }) => {
        asked.push([queries.length, k])
        return queries.map((query, i) => [{ id: query === `q${asked.length * 64 - 64 + i}` ? 'a' : 'b', score: 1 }])
      },
    }
    const queries = Array.from({ length: 150 }, (_, i) => ({
      query: `q${i}`,
      relevant: ['a'],
      ...(i === 70 ? { exclude: 'c' } : {}),
    }))
    const { metrics } = await evaluateSystem(engine, 'dense', { name: '', queries })
    expect(asked).toEqual([
      [64, 100],
      [64, 101],
      [22, 100],
    ])
    expect(metrics['recall@1']).toBe(1)
  })

  it('counts a relevant document once that is named twice', async () => {
    const { metrics } = await evaluateSystem(engineOf({ q: ['a'] }), 'bm25', {
      name: '',
      queries: [{ query: 'q', relevant: ['a', 'a'] }],
    })
    expect(metrics['recall@1']).toBe(1)
  })

  it('counts the time of searching alone', async () => {
    const clock = vi.spyOn(performance, 'now')
    let now = 0
    clock.mockImplementation(() => now)
    const engine: MeasuredEngine = {
      ...engineOf({}),
      rankAll: queries => {
        now += 250 * queries.length
        return queries.map(() => [])
      },
    }
    const queries = Array.from({ length: 200 }, () => ({ query: 'q', relevant: ['a'] }))
    const onQueries = async (): Promise<void> => {
      now += 10_000
    }
    const row = await evaluateSystem(engine, 'bm25', { name: '', queries }, onQueries)
    clock.mockRestore()
    expect(row.queriesPerSecond).toBe(4)
  })
})

describe('evaluateSystems', () => {
  const set = { name: 'some', queries: Array.from({ length: 3 }, () => ({ query: 'q', relevant: ['a'] })) }

  it('measures every system, in order, and counts the queries of all', async () => {
    const seen: number[] = []
    const result = await evaluateSystems(engineOf({ q: ['a'] }), set, done => void seen.push(done))
    expect(result.queries).toBe('some')
    expect(result.rows.map(({ system }) => system)).toEqual(systemNames)
    expect(result.rows.map(({ bytesPerDocument }) => bytesPerDocument)).toEqual([1024, 1024, 1024, 1024, 40, 1024])
    expect(seen).toEqual([3, 6, 9, 12, 15, 18])
  })

  it('ends with what the callback throws', async () => {
    const stop = new Error('enough')
    await expect(evaluateSystems(engineOf({}), set, () => Promise.reject(stop))).rejects.toBe(stop)
  })
})
