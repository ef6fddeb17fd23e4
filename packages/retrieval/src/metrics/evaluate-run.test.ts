import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluateRun } from './evaluate-run.ts'

fc.configureGlobal({ seed: 1 })

const run = { q1: { a: 3, b: 2, c: 1 }, q2: { a: 1 }, extra: { a: 1 } }
const qrels = { q1: { b: 1, d: 1 }, q2: { a: 0 }, missing: { a: 1 } }

describe('evaluateRun', () => {
  it('answers the example of its documentation', () => {
    const { aggregate } = evaluateRun({ q: { a: 2, b: 1 } }, { q: { b: 1 } }, { measures: ['recip_rank'] })
    expect(aggregate).toEqual({ recip_rank: 0.5 })
  })

  it('evaluates the queries that have both results and judgements', () => {
    const { perQuery, aggregate } = evaluateRun(run, qrels, { measures: ['recip_rank', 'recall_2'] })
    expect(perQuery).toEqual({ q1: { recip_rank: 0.5, recall_2: 0.5 }, q2: { recip_rank: 0, recall_2: 0 } })
    expect(aggregate).toEqual({ recip_rank: 0.25, recall_2: 0.25 })
  })

  it('averages over all judged queries when asked to', () => {
    const { perQuery, aggregate } = evaluateRun(run, qrels, { measures: ['recip_rank'], completeQrels: true })
    expect(Object.keys(perQuery)).toEqual(['q1', 'q2'])
    expect(aggregate.recip_rank).toBeCloseTo(0.5 / 3, 12)
  })

  it('gives every measure by default', () => {
    const cut = ['map_cut', 'P', 'recall', 'success', 'recip_rank_cut', 'ndcg_cut', 'hole']
    const expected = [
      'map',
      'recip_rank',
      'ndcg',
      'Rprec',
      'bpref',
      ...cut.flatMap(f => [1, 3, 5, 10].map(k => `${f}_${k}`)),
    ]
    expect(Object.keys(evaluateRun(run, qrels).aggregate)).toEqual(expected)
  })

  it('expands families by the cut-offs', () => {
    const { aggregate } = evaluateRun(run, qrels, { measures: ['recall', 'ndcg_cut_7'], cutoffs: [2, 100] })
    expect(Object.keys(aggregate)).toEqual(['recall_2', 'recall_100', 'ndcg_cut_7'])
  })

  it('passes its options on to the measures', () => {
    const graded = { q: { a: 1, b: 2 } }
    const scores = { q: { a: 2, b: 1 } }
    const value = (options: object) =>
      evaluateRun(scores, graded, { measures: ['recip_rank', 'ndcg'], ...options }).aggregate
    expect(value({ relevanceLevel: 2 }).recip_rank).toBe(0.5)
    expect(value({ relevanceLevel: 2 }).ndcg).toBe(value({}).ndcg)
    expect(value({ exponentialGain: true }).ndcg).toBeCloseTo((1 + 3 / Math.log2(3)) / (3 + 1 / Math.log2(3)), 12)
  })

  it('stays within 0 and 1, and is 1 for the ideal order', () => {
    const judgements = fc.dictionary(fc.string({ maxLength: 2 }), fc.integer({ min: -1, max: 3 }))
    const scores = fc.dictionary(fc.string({ maxLength: 2 }), fc.double({ noNaN: true }))
    fc.assert(
      fc.property(judgements, scores, (judged, retrieved) => {
        const { perQuery, aggregate } = evaluateRun({ q: retrieved }, { q: judged })
        expect(Object.values(aggregate).every(value => value >= 0 && value <= 1)).toBe(true)
        expect(perQuery.q).toEqual(aggregate)
        if (!Object.values(judged).some(judgement => judgement > 0)) return
        const ideal = evaluateRun({ q: judged }, { q: judged }).aggregate
        for (const name of ['map', 'recip_rank', 'ndcg', 'ndcg_cut_3', 'Rprec', 'bpref', 'success_1']) {
          expect(ideal[name]).toBeCloseTo(1, 12)
        }
        expect(ideal.hole_1).toBe(0)
      }),
    )
  })

  it('treats odd query names like any other', () => {
    const odd = JSON.parse('{"__proto__": {"a": 1}, "constructor": {"a": 1}}')
    expect(Object.keys(evaluateRun(odd, odd, { measures: ['map'] }).perQuery)).toEqual(['__proto__', 'constructor'])
    expect(evaluateRun({}, { toString: { a: 1 } }).perQuery).toEqual({})
  })

  it('has zeros when there is no query', () => {
    expect(evaluateRun({}, {}, { measures: ['map', 'P_5'] })).toEqual({ perQuery: {}, aggregate: { map: 0, P_5: 0 } })
  })

  it.each(['P_0', 'P_01', 'P_', 'map_3', 'MRR', 'toString', 'P_1.5'])('refuses the measure %s', name => {
    expect(() => evaluateRun(run, qrels, { measures: [name] })).toThrow(
      'evaluateRun: measures must be among map, recip_rank, ndcg, Rprec, bpref, map_cut_k, P_k, recall_k, success_k, ' +
        `recip_rank_cut_k, ndcg_cut_k, hole_k, got ${name}`,
    )
  })

  it('refuses what is no run', () => {
    expect(() => evaluateRun([] as never, qrels)).toThrow('evaluateRun: run must be an object, got a list')
    expect(() => evaluateRun(run, null as never)).toThrow('evaluateRun: qrels must be an object, got null')
    expect(() => evaluateRun({ q1: 3 as never }, qrels)).toThrow('evaluateRun: run["q1"] must be an object, got 3')
    expect(() => evaluateRun(run, { q1: ['b'] as never })).toThrow(
      'evaluateRun: qrels["q1"] must be an object, got a list',
    )
  })

  it('refuses options out of range', () => {
    expect(() => evaluateRun(run, qrels, { cutoffs: [0] })).toThrow('evaluateRun: cutoffs must be integers >= 1, got 0')
    expect(() => evaluateRun(run, qrels, { relevanceLevel: Number.NaN })).toThrow(
      'evaluateRun: relevanceLevel must be a finite number, got NaN',
    )
  })
})
