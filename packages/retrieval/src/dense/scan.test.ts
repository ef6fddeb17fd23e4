import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scan } from './scan.ts'

fc.configureGlobal({ seed: 1 })

/** Scores that stand in an array, as a ScoreBlock. */
const from = (scores: number[][]) => (query: number, start: number, end: number, out: Float64Array) => {
  for (let r = start; r < end; r++) out[r - start] = scores[query][r]
}

describe('scan', () => {
  it('equals sorting whatever the size of a block', () => {
    const rows = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 100 })
    fc.assert(
      fc.property(
        rows,
        fc.constantFrom(1, 1 << 13, 1 << 14, 1 << 20),
        fc.integer({ min: 1, max: 12 }),
        (s, bytes, k) => {
          const [ranking] = scan(from([s]), 1, s.length, bytes, k)
          const expected = s.map((_, r) => r).sort((a, b) => s[b] - s[a] || a - b)
          expect([...ranking.rows]).toEqual(expected.slice(0, k))
        },
      ),
    )
  })

  it('keeps queries apart', () => {
    const rankings = scan(
      from([
        [1, 2, 3],
        [3, 2, 1],
      ]),
      2,
      3,
      4,
      1,
    )
    expect(rankings.map(({ rows }) => [...rows])).toEqual([[2], [0]])
  })

  it('rounds to float32 before it compares, so that reported ties are in order', () => {
    const [ranking] = scan(from([[1, 1 + 1e-12, 0.1]]), 1, 3, 4, 3)
    expect([...ranking.rows]).toEqual([0, 1, 2])
    expect([...ranking.scores]).toEqual([1, 1, Math.fround(0.1)])
  })

  it('asks accept only about rows that would enter', () => {
    const asked: number[] = []
    const [ranking] = scan(from([[9, 1, 8, 2]]), 1, 4, 4, 1, row => asked.push(row) > 0 && row !== 0)
    expect([...ranking.rows]).toEqual([2])
    expect(asked).toEqual([0, 1, 2])
  })

  it('finds nothing in nothing', () => {
    expect(scan(from([[]]), 1, 0, 4, 3).map(({ rows }) => rows.length)).toEqual([0])
  })
})
