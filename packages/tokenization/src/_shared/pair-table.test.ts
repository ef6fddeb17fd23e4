import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PairTable } from './pair-table.ts'

fc.configureGlobal({ seed: 1 })

const id = fc.nat({ max: 30 })

describe('PairTable', () => {
  it('agrees with a Map keyed by the pair', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(id, id, fc.nat())), entries => {
        const table = new PairTable()
        const model = new Map<string, number>()
        for (const [left, right, value] of entries) {
          table.set(left, right, value)
          model.set(`${left},${right}`, value)
        }
        expect(table.size).toBe(model.size)
        for (let left = 0; left <= 30; left++) {
          for (let right = 0; right <= 30; right++) {
            expect(table.get(left, right)).toBe(model.get(`${left},${right}`) ?? -1)
          }
        }
      }),
      { numRuns: 30 },
    )
  })

  it('tells (a, b) from (b, a)', () => {
    const table = new PairTable()
    table.set(1, 2, 5)
    expect([table.get(1, 2), table.get(2, 1)]).toEqual([5, -1])
  })

  it('keeps the value 0 and the pair (0, 0) apart from nothing', () => {
    const table = new PairTable()
    expect(table.get(0, 0)).toBe(-1)
    table.set(0, 0, 0)
    expect(table.get(0, 0)).toBe(0)
  })

  it('grows past what it was made for', () => {
    const table = new PairTable(4)
    for (let i = 0; i < 10_000; i++) table.set(i, 2 * i, i)
    expect(table.size).toBe(10_000)
    for (let i = 0; i < 10_000; i += 97) expect(table.get(i, 2 * i)).toBe(i)
  })
})
