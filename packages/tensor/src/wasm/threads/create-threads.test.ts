import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import type { KernelCall } from '../kernel-cache.ts'
import { compileKernel, kernelModule, sharedMemory, writeAdd, writeHost, writeScratch } from './__fixtures__/kernels.ts'
import { type AddPool, addPool, blockAt, resultsAt, untilHelped } from './__fixtures__/pool.ts'
import { createThreads } from './create-threads.ts'
import type { ThreadsOptions } from './threads.ts'

const pools: AddPool[] = []

function open(helpers: number, options?: ThreadsOptions): AddPool {
  const pool = addPool(helpers, options)
  pools.push(pool)
  return pool
}

afterEach(() => {
  for (const pool of pools.splice(0)) pool.threads.shutdown()
})

const sums = (units: number, value: number): number[] => Array.from({ length: units }, (_, u) => value * (u + 1))

describe('createThreads', () => {
  it.each([0, 1, 3])('does each unit once with %d helpers', helpers => {
    const { threads, run, results } = open(helpers)
    expect(threads.count).toBe(helpers + 1)
    fc.assert(
      fc.property(fc.nat(2000), fc.integer({ min: 1, max: 300 }), fc.nat(1000), (units, grain, value) => {
        results.fill(0)
        run(value, units, grain)
        expect([...results.subarray(0, units)]).toEqual(sums(units, value))
        expect(results.subarray(units).every(result => result === 0)).toBe(true)
      }),
      { numRuns: 200, seed: 1 },
    )
  })

  it('runs units that fit into one grain on this thread, in one call', () => {
    const { threads } = open(1)
    const calls: number[][] = []
    const local = (...call: number[]) => void calls.push(call)
    threads.setScratch([64], 128)
    threads.run(0, local, blockAt, 5, 5)
    threads.run(0, local, blockAt, 0, 1)
    threads.run(0, local, blockAt, 1, 100)
    expect(calls).toEqual([
      [blockAt, 0, 5, 128],
      [blockAt, 0, 1, 128],
    ])
  })

  it('cuts at multiples of the grain', () => {
    const { threads } = open(1)
    const calls: number[][] = []
    // A kernel that no helper knows is left to this thread.
    threads.run(7, (...call) => void calls.push(call), blockAt, 10, 4)
    expect(calls).toEqual([
      [blockAt, 0, 4, 0],
      [blockAt, 4, 8, 0],
      [blockAt, 8, 10, 0],
    ])
  })

  it('takes the largest number of units', () => {
    const { threads } = open(1)
    const calls: number[][] = []
    threads.run(7, (...call) => void calls.push(call), blockAt, 2 ** 31 - 1, 2 ** 30)
    expect(calls.map(([, begin, end]) => [begin, end])).toEqual([
      [0, 2 ** 30],
      [2 ** 30, 2 ** 31 - 1],
    ])
  })

  it('takes two units at a time where the counter of single ones would overflow', () => {
    const { threads } = open(1)
    const calls: number[][] = []
    const first = (...call: number[]) => {
      calls.push(call)
      throw new RangeError('enough')
    }
    expect(() => threads.run(7, first, blockAt, 2 ** 31 - 1, 1)).toThrow('enough')
    expect(calls).toEqual([[blockAt, 0, 2, 0]])
  })

  it('has the helpers at work', () => {
    const { threads, add, results, memory } = open(1)
    new Int32Array(memory.buffer).set([resultsAt, 1], blockAt / 4)
    threads.run(0, untilHelped(results, add), blockAt, 100, 1)
    expect([...results.subarray(0, 100)]).toEqual(sums(100, 1))
  })

  it('gives every helper its own scratch memory', () => {
    const { threads, memory, results } = open(2)
    const bytes = kernelModule(1, writeScratch)
    const local = compileKernel(bytes, memory, 1)
    threads.load(bytes)
    // The bits of addresses above 2 GiB arrive as they are.
    threads.setScratch([100, 2 ** 32 - 64], 300)
    new Int32Array(memory.buffer).set([resultsAt], blockAt / 4)
    threads.run(1, untilHelped(results, local), blockAt, 1000, 1)
    const seen = new Set(results.subarray(0, 1000))
    expect([...seen].every(scratch => [100, -64, 300].includes(scratch))).toBe(true)
    expect(seen.has(300)).toBe(true)
    expect(seen.size).toBeGreaterThan(1)
  })

  it('loads modules that come later, one after the other, with functions of the host', () => {
    const { threads, memory, results } = open(1)
    const host = kernelModule(40, writeHost)
    const again = kernelModule(41, writeAdd)
    new Int32Array(memory.buffer).set([resultsAt, 1], blockAt / 4)
    for (const [id, bytes] of [
      [40, host],
      [41, again],
    ] as const) {
      threads.load(bytes)
      results.fill(-1)
      threads.run(id, untilHelped(results, compileKernel(bytes, memory, id)), blockAt, 500, 1)
      const want = (u: number) => (id === 40 ? Math.trunc(1000 * (Math.atan(u) % 0.3)) : u)
      expect([...results.subarray(0, 500)]).toEqual(Array.from({ length: 500 }, (_, u) => want(u)))
    }
  })

  it('gets modules to the helpers through a log that is smaller than all of them', () => {
    const size = kernelModule(200, writeAdd).length
    const { threads, memory, results } = open(1, { logBytes: 2 * size + 40 })
    new Int32Array(memory.buffer).set([resultsAt, 1], blockAt / 4)
    const ids = Array.from({ length: 10 }, (_, i) => 100 + i)
    const kernels = ids.map(id => {
      const bytes = kernelModule(id, writeAdd)
      threads.load(bytes)
      return compileKernel(bytes, memory, id)
    })
    // Modules that wait for room go in with later commands.
    const helped = new Set<number>()
    for (const limit = performance.now() + 10_000; helped.size < ids.length && performance.now() < limit; )
      ids.forEach((id, i) => {
        let own = 0
        const count: KernelCall = (args, begin, end, scratch) => {
          own += end - begin
          kernels[i](args, begin, end, scratch)
        }
        results.fill(0)
        threads.run(id, count, blockAt, 5000, 10)
        expect(results[4999]).toBe(5000)
        if (own < 5000) helped.add(id)
      })
    expect(helped.size).toBe(ids.length)
  })

  it('sees memory that has grown', () => {
    const { threads, memory, add, results } = open(1)
    new Int32Array(memory.buffer).set([resultsAt, 1], blockAt / 4)
    threads.run(0, untilHelped(results, add), blockAt, 100, 1)
    const at = memory.buffer.byteLength
    memory.grow(20)
    const grown = new Int32Array(memory.buffer, at)
    new Int32Array(memory.buffer).set([at, 3], blockAt / 4)
    threads.run(0, untilHelped(grown.subarray(0, 4000), add), blockAt, 4000, 1)
    expect([...grown.subarray(0, 4000)]).toEqual(sums(4000, 3))
  })

  it('goes on alone after shutdown', () => {
    const { threads, run, results } = open(3)
    threads.shutdown()
    threads.shutdown()
    expect(threads.count).toBe(1)
    threads.load(kernelModule(1, writeAdd))
    run(2, 100, 1)
    expect([...results.subarray(0, 100)]).toEqual(sums(100, 2))
  })

  it('names bad arguments', () => {
    const alone = new WebAssembly.Memory({ initial: 1 })
    expect(() => createThreads(alone, 1)).toThrow('createThreads: memory must be shared, got one that is not')
    for (const helpers of [-1, 1.5, 29])
      expect(() => createThreads(sharedMemory(), helpers)).toThrow(
        `createThreads: helpers must be in 0..28, got ${helpers}`,
      )
    const { threads } = open(0)
    for (const units of [-1, 0.5, 2 ** 31, Number.NaN])
      expect(() => threads.run(0, () => {}, 0, units, 1)).toThrow(
        `run: units must be an integer in 0..2147483647, got ${units}`,
      )
    for (const grain of [0, 1.5, Number.POSITIVE_INFINITY])
      expect(() => threads.run(0, () => {}, 0, 1, grain)).toThrow(`run: grain must be a positive integer, got ${grain}`)
    expect(() => threads.setScratch([8])).toThrow('setScratch: pointers must be 0, one for each helper, got 1')
  })
})
