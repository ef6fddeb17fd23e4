import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Candidate, PairHeap } from './pair-heap.ts'

fc.configureGlobal({ seed: 1 })

const small = fc.nat({ max: 4 })
const candidate = fc.record({ count: small, left: small, right: small, pair: fc.nat() })

describe('PairHeap', () => {
  it('pops by count downwards, then by left, then by right upwards', () => {
    fc.assert(
      fc.property(fc.array(candidate), entries => {
        const heap = new PairHeap()
        for (const entry of entries) heap.push(entry)
        const order = (a: Candidate, b: Candidate): number => b.count - a.count || a.left - b.left || a.right - b.right
        const key = ({ count, left, right }: Candidate): number[] => [count, left, right]
        const popped = entries.map(() => heap.pop() as Candidate)
        expect(popped.map(key)).toEqual([...entries].sort(order).map(key))
      }),
    )
  })

  it('pops undefined when it is empty', () => {
    const heap = new PairHeap()
    expect(heap.pop()).toBeUndefined()
    heap.push({ count: 1, left: 0, right: 0, pair: 0 })
    heap.pop()
    expect(heap.pop()).toBeUndefined()
  })
})
