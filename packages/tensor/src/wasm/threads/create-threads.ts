import { SurprisalError } from '../../error.ts'
import { maximumHelpers } from './control.ts'
import { ThreadPool } from './pool.ts'
import type { Threads, ThreadsOptions } from './threads.ts'

/**
 * Starts helper threads on `memory`. It does not wait for them: they take part when they are ready. A helper that
 * cannot start or dies leaves the others at work.
 * @param memory shared; kernels find everything in it
 * @param helpers how many, from 0 to 28, this thread not included
 * @throws {SurprisalError} `argument` for a memory that is not shared or another number of helpers
 */
export function createThreads(memory: WebAssembly.Memory, helpers: number, options: ThreadsOptions = {}): Threads {
  if (!(memory.buffer instanceof SharedArrayBuffer))
    throw new SurprisalError('argument', 'createThreads: memory must be shared, got one that is not')
  if (!Number.isInteger(helpers) || helpers < 0 || helpers > maximumHelpers)
    throw new SurprisalError('argument', `createThreads: helpers must be in 0..${maximumHelpers}, got ${helpers}`)
  return new ThreadPool(memory, helpers, options)
}
