import type { KernelCall } from '../kernel-cache.ts'
import type { Spawn } from './spawn.ts'

/** Options of `createThreads`. */
export interface ThreadsOptions {
  /** Starts a helper. Default: a thread of Node or a worker of the page */
  readonly spawn?: Spawn
  /**
   * Milliseconds that a helper may stay in one chunk after all others are done, before it counts as dead.
   * Default: 30,000
   */
  readonly patience?: number
  /** Told once, when a helper is lost while no command runs. Default: `console.warn` */
  readonly warn?: (message: string) => void
  /** Bytes of compiled modules that can be under way to the helpers. Default: 4 MiB */
  readonly logBytes?: number
  /**
   * Whether this thread waits, up to 20 ms in each command, until a helper has taken the first chunk: for tests, which
   * want helpers in commands that are too small for them. Default: false
   */
  readonly eager?: boolean
}

/** Options of {@link Threads.run}. */
export interface RunOptions {
  /** The unit to begin with: 0, or what an earlier call for the same command has returned. Default: 0 */
  readonly begin?: number
  /** Time after which to return although units are left; at least one chunk is done. Default: no limit */
  readonly milliseconds?: number
}

/** This thread and its helpers over one shared memory. */
export interface Threads {
  /** Threads that are alive, this one included. */
  readonly count: number
  /** Chunks that helpers have done since the beginning. */
  readonly helped: number
  /**
   * Makes kernels known to the helpers, which compile them by themselves, while this thread goes on.
   * @param bytes a module that imports `host.memory` (and host functions as `host.<name>`) and exports functions
   *   named by their decimal kernel number; not to be changed afterwards
   */
  load(bytes: Uint8Array): void
  /**
   * Runs a kernel over `begin <= u < units` on all threads and returns when all is done, or its time is over. Threads
   * take `grain` units at a time; one that is late, or has not compiled the kernel yet, takes nothing and nobody waits
   * for it.
   * @param id the number of the kernel
   * @param local the same kernel, compiled for this thread
   * @param args pointer to its block
   * @param units from 0 to 2^31 - 1
   * @param grain at least 1; larger where that would make more than 2^30 chunks
   * @returns the first unit that is not done: `units` when all are
   * @throws {SurprisalError} `device` where a helper died in this command, whose results are then unknown
   */
  run(id: number, local: KernelCall, args: number, units: number, grain: number, options?: RunOptions): number
  /**
   * Gives each helper its scratch memory.
   * @param pointers one for each helper that `createThreads` was asked for
   * @param own what this thread passes to `local`. Default: 0
   */
  setScratch(pointers: readonly number[], own?: number): void
  /** Ends the helpers; commands then run on this thread alone. */
  shutdown(): void
}
