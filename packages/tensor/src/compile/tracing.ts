import type { DType } from '../dtype.ts'
import type { RandomKey } from '../ops/keys.ts'
import type { Parameter } from '../parameter.ts'
import type { Tensor } from '../tensor.ts'

/**
 * A run of a function that records its graph instead of computing: the arguments stand for those of calls to come, and
 * what it reads from or assigns to parameters is noted and not done.
 */
export interface Tracing {
  /** The number that a tensor stands for in this run, undefined for what is no such stand-in. */
  numberOf(x: unknown): number | undefined
  /** What holds, at each call, the number that `standIn` stands for; of the shape of `like`, or of rank 0. */
  constantOf(op: string, standIn: Tensor, dtype: DType, like?: Tensor): Tensor
  /** The key that stands for an argument, a pair of stand-ins or a seed, at each call; null for any other. */
  keyOf(op: string, key: unknown): RandomKey | null
  /** The key that belongs to `i` under `parent` at each call. */
  childOf(parent: RandomKey, i: unknown): RandomKey | null
  /** The value of a parameter as it is now in this run. */
  read(parameter: Parameter): Tensor
  assign(parameter: Parameter, value: Tensor): void
}

let current: Tracing | null = null

/** The run that is being recorded, if any. */
export const currentTracing = (): Tracing | null => current

/**
 * Whether `compile` is recording the function that calls this, so that what it does beside computing tensors is done
 * now and not at each call.
 */
export const isCompiling = (): boolean => current !== null

/** Calls `fn` as part of a run. */
export function within<T>(tracing: Tracing | null, fn: () => T): T {
  const before = current
  current = tracing
  try {
    return fn()
  } finally {
    current = before
  }
}
