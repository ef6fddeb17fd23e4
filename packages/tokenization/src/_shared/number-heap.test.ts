import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NumberHeap } from './number-heap.ts'

fc.configureGlobal({ seed: 1 })

function drain(heap: NumberHeap): number[] {
  const keys: number[] = []
  while (heap.size > 0) keys.push(heap.pop())
  return keys
}

describe('NumberHeap', () => {
  it('gives the keys back in ascending order, equal ones as often as they went in', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -20, max: 20 })), keys => {
        const heap = new NumberHeap(1)
        for (const key of keys) heap.push(key)
        expect(drain(heap)).toEqual([...keys].sort((a, b) => a - b))
      }),
    )
  })

  it('stays right when pushes and pops alternate', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer(), { nil: null })), steps => {
        const heap = new NumberHeap(4)
        const model: number[] = []
        for (const step of steps) {
          if (step === null) {
            expect(heap.pop()).toBe(model.length === 0 ? Number.NaN : model.shift())
          } else {
            heap.push(step)
            model.push(step)
            model.sort((a, b) => a - b)
          }
          expect(heap.size).toBe(model.length)
        }
      }),
    )
  })

  it('keeps keys of 52 bits exactly', () => {
    const heap = new NumberHeap(2)
    heap.push(2 ** 52 - 1)
    heap.push(2 ** 52 - 2)
    expect(drain(heap)).toEqual([2 ** 52 - 2, 2 ** 52 - 1])
  })

  it('pops NaN when it is empty', () => {
    expect(new NumberHeap(0).pop()).toBeNaN()
  })
})
