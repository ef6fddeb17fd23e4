import { setTimeout } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { SurprisalError } from '../../error.ts'
import type { KernelCall } from '../kernel-cache.ts'
import { compileKernel, kernelModule, writeDivide } from './__fixtures__/kernels.ts'
import { type AddPool, addPool, blockAt, resultsAt, untilHelped } from './__fixtures__/pool.ts'
import { gateBit, word } from './control.ts'
import { type Spawn, spawnWorker, type ThreadWorker } from './spawn.ts'
import type { ThreadsOptions } from './threads.ts'

const pools: AddPool[] = []

/** A pool, what it warned of, and its workers and control block. */
function open(helpers: number, options: ThreadsOptions = {}) {
  const warnings: string[] = []
  const workers: ThreadWorker[] = []
  const controls: Int32Array[] = []
  const { spawn = spawnWorker } = options
  const watched: Spawn = (source, data, onEnd) => {
    const worker = spawn(source, data, onEnd)
    workers.push(worker)
    controls.push(new Int32Array(data.control))
    return worker
  }
  const warn = (message: string) => void warnings.push(message)
  const pool = addPool(helpers, { warn, ...options, spawn: watched })
  pools.push(pool)
  return { ...pool, warnings, workers, control: controls[0] }
}

afterEach(() => {
  for (const pool of pools.splice(0)) pool.threads.shutdown()
})

async function until(condition: () => boolean): Promise<void> {
  for (let wait = 0; wait < 1000 && !condition(); wait++) await setTimeout(5)
  expect(condition()).toBe(true)
}

function caught(action: () => void): SurprisalError {
  try {
    action()
  } catch (error) {
    if (error instanceof SurprisalError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

function expectWorks({ run, results }: AddPool): void {
  results.fill(0)
  run(1, 200, 1)
  expect([...results.subarray(0, 200)]).toEqual(Array.from({ length: 200 }, (_, u) => u + 1))
}

/** A worker that does nothing. */
const idle: Spawn = () => ({ terminate: () => {} })

describe('a worker that dies', () => {
  it('in a command: an error with its cause, then fewer threads', async () => {
    const pool = open(2)
    const { threads, memory, results, control, warnings } = pool
    const bytes = kernelModule(1, writeDivide)
    const divide = compileKernel(bytes, memory, 1)
    threads.load(bytes)
    new Int32Array(memory.buffer).set([resultsAt, 12], blockAt / 4)
    const held: KernelCall = (...call) => {
      const limit = performance.now() + 10_000
      while (Atomics.load(control, word.failures) < 2 && performance.now() < limit);
      divide(...call)
    }
    threads.setScratch([0, 0], 4)
    const error = caught(() => threads.run(1, held, blockAt, 1000, 1))
    expect([error.code, error.message]).toEqual(['device', 'threads: a worker died'])
    expect(String(error.cause)).toBe('Error: RuntimeError: divide by zero')
    expect(threads.count).toBe(1)
    expectWorks(pool)
    expect(results[0]).toBe(1)
    await setTimeout(20)
    expect(warnings).toEqual([])
  })

  it('in a command: those that live go on', () => {
    const pool = open(2)
    const { threads, memory } = pool
    const bytes = kernelModule(1, writeDivide)
    const divide = compileKernel(bytes, memory, 1)
    threads.load(bytes)
    new Int32Array(memory.buffer).set([resultsAt, 12], blockAt / 4)
    threads.setScratch([0, 4], 4)
    // The first helper may be late and find nothing left, in one command or more.
    const untilItFails = () => {
      for (const limit = performance.now() + 10_000; performance.now() < limit; )
        threads.run(1, divide, blockAt, 1000, 1)
    }
    expect(caught(untilItFails).message).toBe('threads: a worker died')
    expect(threads.count).toBe(2)
    const { results, add } = pool
    new Int32Array(memory.buffer).set([resultsAt, 1], blockAt / 4)
    results.fill(0)
    threads.run(0, untilHelped(results, add), blockAt, 100, 1)
    expect([...results.subarray(0, 100)]).toEqual(Array.from({ length: 100 }, (_, u) => u + 1))
  })

  it('between commands: a warning, once', async () => {
    const pool = open(2)
    const { threads, workers, warnings } = pool
    for (const worker of workers) worker.terminate()
    await until(() => threads.count === 1)
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toMatch(/^threads: a worker died, going on with fewer: Error: it exited with code \d$/)
    expectWorks(pool)
  })

  it('at any moment: a result, or the error and then results', { timeout: 60_000 }, () => {
    for (let round = 0; round < 20; round++) {
      const pool = open(1, { patience: 100 })
      const { threads, memory, results, add, workers } = pool
      new Int32Array(memory.buffer).set([resultsAt, 1], blockAt / 4)
      threads.run(0, untilHelped(results, add), blockAt, 100, 1)
      workers[0].terminate()
      results.fill(0)
      let error: SurprisalError | null = null
      for (let command = 0; command < 50 && !error; command++) {
        try {
          threads.run(0, add, blockAt, 100, 1)
        } catch (thrown) {
          error = thrown as SurprisalError
        }
      }
      if (error) expect(error.message).toBe('threads: a worker died')
      else expect([...results.subarray(0, 3)]).toEqual([50, 100, 150])
      expectWorks(pool)
    }
  })

  it('and says nothing: an error after the patience, then this thread alone', () => {
    const pool = open(2, { spawn: idle, patience: 30 })
    const { threads, add, control } = pool
    // Stands for a helper that goes in and is never heard of again.
    const stuck: KernelCall = (...call) => {
      Atomics.or(control, word.gate, gateBit(1))
      add(...call)
    }
    const started = performance.now()
    const error = caught(() => threads.run(0, stuck, blockAt, 10, 1))
    expect(performance.now() - started).toBeGreaterThanOrEqual(25)
    expect([error.code, error.message]).toEqual(['device', 'threads: a worker died'])
    expect(String(error.cause)).toBe('Error: helper 1 did not answer for 30 ms')
    expect(threads.count).toBe(1)
    expectWorks(pool)
  })

  it('because of a module: a warning, and no command fails', async () => {
    const pool = open(1)
    const { threads, warnings, control } = pool
    threads.load(new Uint8Array([1, 2, 3]))
    const limit = performance.now() + 10_000
    while (Atomics.load(control, word.failures) === 0 && performance.now() < limit);
    expectWorks(pool)
    expect(threads.count).toBe(1)
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toMatch(/^threads: a worker died, going on with fewer: Error: CompileError: /)
    await setTimeout(20)
    expect(warnings).toHaveLength(1)
  })

  it('before it starts: fewer threads and a warning', () => {
    let calls = 0
    const forbidden: Spawn = (...call) => {
      calls += 1
      if (calls !== 2) throw new Error('policy')
      return idle(...call)
    }
    const pool = open(3, { spawn: forbidden })
    expect(pool.threads.count).toBe(2)
    expect(pool.warnings).toEqual(['threads: a worker died, going on with fewer: Error: policy'])
    expectWorks(pool)
  })
})

describe('a kernel that fails on this thread', () => {
  it('ends the command for all, and the next one works', () => {
    const pool = open(2)
    const { threads } = pool
    const fails = () => {
      throw new RangeError('mine')
    }
    expect(() => threads.run(0, fails, blockAt, 1_000_000_000, 1)).toThrow(new RangeError('mine'))
    expect(threads.count).toBe(3)
    expectWorks(pool)
  })

  it('hides no failure of a helper from the next command, which works', () => {
    const pool = open(1)
    const { threads, memory, control, warnings } = pool
    const bytes = kernelModule(1, writeDivide)
    threads.load(bytes)
    new Int32Array(memory.buffer).set([resultsAt, 12], blockAt / 4)
    const fails = () => {
      const limit = performance.now() + 10_000
      while (Atomics.load(control, word.failures) === 0 && performance.now() < limit);
      throw new RangeError('mine')
    }
    expect(() => threads.run(1, fails, blockAt, 1000, 1)).toThrow(new RangeError('mine'))
    expectWorks(pool)
    expect(warnings).toEqual(['threads: a worker died, going on with fewer: Error: RuntimeError: divide by zero'])
    expect(threads.count).toBe(1)
  })
})
