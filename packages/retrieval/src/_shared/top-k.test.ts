import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TopK } from './top-k.ts'

fc.configureGlobal({ seed: 1 })

const scores = fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 60 })

/** What TopK must do, by sorting. */
function sorted(values: number[], k: number): { rows: number[]; scores: number[] } {
  const rows = values.map((_, row) => row).sort((a, b) => values[b] - values[a] || a - b)
  const kept = rows.slice(0, k)
  return { rows: kept, scores: kept.map(row => values[row]) }
}

function plain({ rows, scores }: { rows: Int32Array; scores: Float64Array }) {
  return { rows: [...rows], scores: [...scores] }
}

describe('TopK', () => {
  it('equals sorting, ties to the lower row', () => {
    fc.assert(
      fc.property(scores, fc.integer({ min: 1, max: 20 }), (values, k) => {
        const top = new TopK(k)
        for (const [row, score] of values.entries()) top.offer(score, row)
        expect(plain(top.take())).toEqual(sorted(values, k))
      }),
    )
  })

  it('does not depend on the order of the offers', () => {
    fc.assert(
      fc.property(scores, fc.integer({ min: 1, max: 20 }), fc.infiniteStream(fc.nat()), (values, k, noise) => {
        const rows = values.map((_, row) => ({ row, key: noise.next().value as number }))
        const top = new TopK(k)
        for (const { row } of rows.sort((a, b) => a.key - b.key)) top.offer(values[row], row)
        expect(plain(top.take())).toEqual(sorted(values, k))
      }),
    )
  })

  it('has a threshold only when it is full', () => {
    const top = new TopK(2)
    top.offer(5, 0)
    expect([top.full, top.threshold]).toEqual([false, -Infinity])
    top.offer(3, 1)
    expect([top.full, top.threshold]).toEqual([true, 3])
    top.offer(4, 2)
    expect(top.threshold).toBe(4)
    top.offer(4, 3)
    expect(plain(top.take())).toEqual({ rows: [0, 2], scores: [5, 4] })
  })

  it('starts anew after take', () => {
    const top = new TopK(1)
    top.offer(9, 0)
    top.take()
    expect([top.full, top.threshold]).toEqual([false, -Infinity])
    top.offer(1, 7)
    expect(plain(top.take())).toEqual({ rows: [7], scores: [1] })
  })

  it('keeps nothing when k is 0, and infinite scores like others', () => {
    const none = new TopK(0)
    none.offer(1, 0)
    expect(plain(none.take())).toEqual({ rows: [], scores: [] })
    const top = new TopK(2)
    for (const [row, score] of [-Infinity, -Infinity, Infinity].entries()) top.offer(score, row)
    expect(plain(top.take())).toEqual({ rows: [2, 0], scores: [Infinity, -Infinity] })
  })
})
