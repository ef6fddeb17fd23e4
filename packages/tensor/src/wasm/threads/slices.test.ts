import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { addPool, blockAt, resultsAt, untilHelped } from './__fixtures__/pool.ts'
import type { Threads } from './threads.ts'

let pool: ReturnType<typeof addPool> | undefined

afterEach(() => pool?.threads.shutdown())

const sums = (units: number): number[] => Array.from({ length: units }, (_, u) => u + 1)

function busy(milliseconds: number): void {
  const end = performance.now() + milliseconds
  while (performance.now() < end);
}

/** Runs `unknown`, a kernel that no helper has, in stretches of a millisecond; gives where each call began. */
function inSlices(
  threads: Threads,
  units: number,
  grain: number,
  local: (begin: number, end: number) => void,
): number[] {
  const begins: number[] = []
  for (let begin = 0; begin < units; ) {
    begins.push(begin)
    begin = threads.run(7, (_, from, to) => local(from, to), blockAt, units, grain, { begin, milliseconds: 1 })
  }
  return begins
}

describe('run with a limit of time', () => {
  it.each([0, 1])('does at least one chunk and returns where to go on, with %d helpers', helpers => {
    pool = addPool(helpers)
    const calls: number[][] = []
    const begins = inSlices(pool.threads, 10, 4, (from, to) => {
      calls.push([from, to])
      busy(1)
    })
    const cuts = [
      [0, 4],
      [4, 8],
      [8, 10],
    ]
    expect(calls).toEqual(cuts)
    expect(begins).toEqual([0, 4, 8])
  })

  it.each([0, 1])('does all where there is time, with %d helpers', helpers => {
    pool = addPool(helpers)
    const { threads, add } = pool
    expect(threads.run(0, add, blockAt, 10, 4, { milliseconds: 1000 })).toBe(10)
    expect(threads.run(0, add, blockAt, 10, 4, { begin: 8, milliseconds: 0 })).toBe(10)
    expect(threads.run(0, add, blockAt, 10, 4)).toBe(10)
    expect(threads.run(0, add, blockAt, 0, 4, { milliseconds: 0 })).toBe(0)
  })

  it('does each unit once, whoever does it and wherever it is cut', () => {
    pool = addPool(2, { eager: true })
    const { threads, add, memory, results } = pool
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 1, max: 300 }), (units, grain) => {
        new Int32Array(memory.buffer).set([resultsAt, 1], blockAt / 4)
        results.fill(0)
        let begin = 0
        let calls = 0
        while (begin < units) {
          begin = threads.run(0, add, blockAt, units, grain, { begin, milliseconds: 0 })
          calls += 1
        }
        expect([...results.subarray(0, units)]).toEqual(sums(units))
        expect(calls).toBeLessThanOrEqual(Math.ceil(units / grain))
      }),
      { numRuns: 60, seed: 2 },
    )
  })
})

describe('helped', () => {
  it('counts the chunks that helpers have done', () => {
    pool = addPool(1)
    const { threads, add, memory, results } = pool
    expect(threads.helped).toBe(0)
    new Int32Array(memory.buffer).set([resultsAt, 1], blockAt / 4)
    let own = 0
    const helped = untilHelped(results, add)
    threads.run(
      0,
      (...call) => {
        helped(...call)
        own += 1
      },
      blockAt,
      100,
      1,
    )
    expect(threads.helped).toBe(100 - own)
    expect(threads.helped).toBeGreaterThan(0)
  })

  it('does not count what this thread does', () => {
    pool = addPool(1)
    inSlices(pool.threads, 10, 1, () => busy(1))
    expect(pool.threads.helped).toBe(0)
  })

  it('grows with every small command where threads are eager', () => {
    pool = addPool(1, { eager: true })
    const { threads, run } = pool
    const limit = performance.now() + 10_000
    while (threads.helped === 0 && performance.now() < limit) run(1, 8, 1)
    const before = threads.helped
    for (let i = 0; i < 20; i++) run(1, 8, 1)
    expect(threads.helped - before).toBeGreaterThanOrEqual(10)
  })
})
