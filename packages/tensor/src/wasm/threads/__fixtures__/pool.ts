import type { KernelCall } from '../../kernel-cache.ts'
import { createThreads } from '../create-threads.ts'
import type { Threads, ThreadsOptions } from '../threads.ts'
import { compileKernel, kernelModule, sharedMemory, writeAdd } from './kernels.ts'

/** A pool with the kernel `writeAdd` under number 0, its block at byte 8 and its results from byte 1024. */
export interface AddPool {
  readonly threads: Threads
  readonly memory: WebAssembly.Memory
  readonly add: KernelCall
  /** Adds `value * (u + 1)` to each of the first `units` results. */
  run(value: number, units: number, grain: number): void
  readonly results: Int32Array
}

export const blockAt = 8
export const resultsAt = 1024

export function addPool(helpers: number, options: ThreadsOptions = {}): AddPool {
  const memory = sharedMemory()
  const threads = createThreads(memory, helpers, options)
  const bytes = kernelModule(0, writeAdd)
  const add = compileKernel(bytes, memory, 0)
  threads.load(bytes)
  const run = (value: number, units: number, grain: number): void => {
    new Int32Array(memory.buffer).set([resultsAt, value], blockAt / 4)
    threads.run(0, add, blockAt, units, grain)
  }
  return { threads, memory, add, run, results: new Int32Array(memory.buffer, resultsAt) }
}

/**
 * A command in which this thread holds its first chunk until a helper has written a unit, so that a helper takes part
 * for certain: `run` gets the local kernel, which then does its own units by `kernel`.
 */
export function untilHelped(results: Int32Array, kernel: KernelCall, milliseconds = 10_000): KernelCall {
  const before = results.slice()
  let helped = false
  return (args, begin, end, scratch) => {
    const limit = performance.now() + milliseconds
    while (!helped && performance.now() < limit) helped = before.some((value, i) => Atomics.load(results, i) !== value)
    if (!helped) throw new Error('no helper took part')
    kernel(args, begin, end, scratch)
  }
}
