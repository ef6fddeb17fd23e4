import { describe, expect, it } from 'vitest'
import { judge, trecOrder } from './ranking.ts'

describe('trecOrder', () => {
  it('sorts by score, ties by id descending in string order', () => {
    expect(trecOrder('q', { d1: 1, d10: 1, d9: 1, d2: 5 })).toEqual(['d2', 'd9', 'd10', 'd1'])
  })

  it('compares scores as 32-bit floats', () => {
    expect(trecOrder('q', { a: 1 + 1e-9, b: 1 })).toEqual(['b', 'a'])
    expect(trecOrder('q', { a: 1 + 1e-6, b: 1 })).toEqual(['a', 'b'])
  })

  it('takes infinite scores, and ties of them', () => {
    expect(trecOrder('q', { a: Infinity, b: Infinity, c: 1e300, d: -Infinity })).toEqual(['c', 'b', 'a', 'd'])
  })

  it('refuses what is no score', () => {
    expect(() => trecOrder('q1', { d: Number.NaN })).toThrow('evaluateRun: run["q1"]["d"] must be a number, got NaN')
    expect(() => trecOrder('q1', { d: '1' as unknown as number })).toThrow('must be a number, got 1')
  })
})

describe('judge', () => {
  it('looks up each document, and nothing inherited', () => {
    const { ranked, judgements } = judge('q', ['a', 'toString', 'b'], { b: 0, a: 2, c: 1 }, 1)
    expect(ranked).toEqual([2, undefined, 0])
    expect(judgements).toEqual([0, 2, 1])
  })

  it('refuses judgements that are not finite', () => {
    expect(() => judge('q', [], { d: Number.NaN }, 1)).toThrow(
      'evaluateRun: qrels["q"]["d"] must be a finite number, got NaN',
    )
  })
})
