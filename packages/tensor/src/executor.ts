import { SurprisalError } from './error.ts'
import type { Node } from './graph/node.ts'
import type { Storage } from './graph/storage.ts'

/** Bytes of memory on a device. */
export interface MemoryUse {
  /** Computed values that are alive. */
  readonly live: number
  /** The most that were alive at once. */
  readonly peak: number
  /** Freed memory that is kept for values to come. */
  readonly pooled: number
  /** All memory that has been taken from the system for values and intermediate results. */
  readonly arena: number
}

/** What computes on the CPU device. */
export interface Executor {
  readonly name: string
  /**
   * The values of `targets`, of which none has been computed, each in a storage of its own. Value errors (an index out
   * of range) are thrown; then nothing has changed. It may be left for a while wherever it yields. `op` names the read
   * in messages.
   */
  evaluate(targets: readonly Node[], op: string): Generator<void, Storage[], void>
  /**
   * As `evaluate`, for targets that are computed again and again from other leaves and numbers: what follows from the
   * structure of their graph, which stays as it is, is worked out once.
   */
  prepare?(targets: readonly Node[]): (op: string) => Generator<void, Storage[], void>
  /** Memory beside the live values. */
  memory?(): Pick<MemoryUse, 'pooled' | 'arena'>
  /** Sets what is told of each kernel's time, null for nothing. */
  setProfiler?(profiler: ((kernel: string, milliseconds: number) => void) | null): void
  /** Sets the most bytes that may be in use, and gives what it was before. */
  setMemoryLimit?(bytes: number): number
  /** Whether so much fresh memory has been taken that the collector should have a turn; starts counting anew. */
  wantsTurn?(): boolean
}

const executors = new Map<string, Executor>()
let current: Executor | null = null

/** Makes an executor known by its name. */
export function registerExecutor(executor: Executor): void {
  executors.set(executor.name, executor)
}

/**
 * Chooses what computes on the CPU device: `'wasm'` (default) or, after `registerReference()`
 * of `@surprisal/tensor/reference`, `'reference'`, the float64 oracle of tests.
 * @throws {SurprisalError} `argument` for a name that is not registered
 */
export function setExecutor(name: string): void {
  const executor = executors.get(name)
  if (!executor)
    throw new SurprisalError(
      'argument',
      `setExecutor: name must be one of ${[...executors.keys()].join(', ')}, got ${name}`,
    )
  current = executor
}

export function currentExecutor(): Executor {
  if (!current) throw new SurprisalError('device', 'executor: none is registered')
  return current
}
