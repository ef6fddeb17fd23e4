import type { HostArray } from './dtype.ts'
import { SurprisalError } from './error.ts'
import type { Plan } from './plan.ts'

/** What runs plans on the CPU device. Value errors (an index out of range) are thrown by `run`. */
export interface Executor {
  readonly name: string
  /** The dense arrays of the plan's outputs, owned by the caller. */
  run(plan: Plan): HostArray[]
  /** Takes back an array of `run` that nothing reads any more. */
  recycle?(data: HostArray): void
}

const executors = new Map<string, Executor>()
let current: Executor | null = null

/** Makes an executor known by its name; the first one becomes the current one. */
export function registerExecutor(executor: Executor): void {
  executors.set(executor.name, executor)
  current ??= executor
}

/**
 * Chooses what computes on the CPU device: `'wasm'` (default) or `'reference'`, the float64 oracle of tests.
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
