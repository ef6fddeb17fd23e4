import { describe, expect, it } from 'vitest'
import { maxScore, type ScoredTerm } from './max-score.ts'
import type { Postings } from './postings.ts'

/** Postings of terms that occur once in each of their documents; with S = 0, T = 1, norm = 1 each adds weight / 2. */
function collection(count: number, lists: number[][]): { postings: Postings; norms: Float64Array } {
  const documents = Int32Array.from(lists.flat())
  const offsets = Int32Array.of(0, ...lists.map((_, t) => lists.slice(0, t + 1).flat().length))
  return {
    postings: {
      terms: lists.map((_, t) => `t${t}`),
      offsets,
      documents,
      frequencies: new Uint8Array(documents.length).fill(1),
      overflow: new Map(),
      lengths: new Int32Array(count).fill(1),
    },
    norms: new Float64Array(count).fill(1),
  }
}

function term({ offsets }: Postings, t: number, weight: number): ScoredTerm {
  return { start: offsets[t], end: offsets[t + 1], weight, bonus: 0, bound: Math.max(0, weight / 2) }
}

const multiples = (of: number, below: number) => Array.from({ length: Math.ceil(below / of) }, (_, i) => i * of)

describe('maxScore', () => {
  it('equals exhaustive scoring over many windows', () => {
    const count = 20_000
    const lists = [97, 31, 7, 2, 1].map(of => multiples(of, count))
    const { postings, norms } = collection(count, lists)
    const weights = [4, 2, 1, 0.5, 0.25]
    const terms = weights.map((weight, t) => term(postings, t, weight))
    const scores = norms.map((_, row) =>
      weights.reduce((sum, weight, t) => (row % [97, 31, 7, 2, 1][t] === 0 ? sum + weight / 2 : sum), 0),
    )
    for (const k of [1, 3, 10, 500]) {
      const expected = [...scores.keys()].sort((a, b) => scores[b] - scores[a] || a - b).slice(0, k)
      const { rows, scores: found } = maxScore(postings, norms, { S: 0, T: 1 }, terms, k)
      expect([...rows]).toEqual(expected)
      expect([...found]).toEqual(expected.map(row => scores[row]))
    }
  })

  it('stops reading common terms once they cannot matter', () => {
    const count = 100_000
    const { postings, norms } = collection(count, [multiples(50, count), multiples(1, count)])
    let reads = 0
    const documents = new Proxy(postings.documents, {
      get(target, key) {
        if (typeof key === 'string' && /^\d+$/.test(key)) reads++
        return Reflect.get(target, key)
      },
    })
    const terms = [term(postings, 0, 4), term(postings, 1, 0.1)]
    const { rows } = maxScore({ ...postings, documents }, norms, { S: 0, T: 1 }, terms, 5)
    expect([...rows]).toEqual([0, 50, 100, 150, 200])
    expect(reads).toBeLessThan(12_000)
  })

  it('handles negative weights', () => {
    const { postings, norms } = collection(4, [
      [0, 1],
      [1, 2],
    ])
    const terms = [term(postings, 0, 2), term(postings, 1, -2)]
    const { rows, scores } = maxScore(postings, norms, { S: 0, T: 1 }, terms, 4)
    expect([...rows]).toEqual([0, 1, 2])
    expect([...scores]).toEqual([1, 0, -1])
  })

  it('applies the filter before it counts', () => {
    const { postings, norms } = collection(100, [multiples(1, 100)])
    const { rows } = maxScore(postings, norms, { S: 0, T: 1 }, [term(postings, 0, 1)], 3, row => row >= 60)
    expect([...rows]).toEqual([60, 61, 62])
  })

  it('finds nothing without terms or documents', () => {
    const { postings, norms } = collection(3, [[0]])
    expect(maxScore(postings, norms, { S: 0, T: 1 }, [], 5).rows.length).toBe(0)
    const none = collection(0, [])
    expect(maxScore(none.postings, none.norms, { S: 0, T: 1 }, [], 5).rows.length).toBe(0)
  })
})
