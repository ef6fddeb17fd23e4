import type { LoopStep } from '../steps.ts'
import type { Value } from '../values.ts'

/** When values are made and used up some rows at a time. */
export interface LoopLimits {
  /** Values of more bytes are large: they are not kept whole, where that can be done. */
  readonly largeBytes: number
  /** Bytes that are made and used up in one turn of a loop, which should stay in the cache. */
  readonly blockBytes: number
  /** Rows that a turn has at least, whatever their size: matrix products of fewer rows are slow. */
  readonly fewestRows: number
  /** Bytes that a value may have at most in a turn of several rows, whatever the fewest rows are. @default any number */
  readonly mostBytes?: number
  /** Whether kernels can do a loop; values around which they cannot are kept whole. @default they can do all */
  readonly canLoop?: (loop: LoopStep, values: readonly Value[]) => boolean
}

const measured: LoopLimits = { largeBytes: 2 ** 24, blockBytes: 2 ** 22, fewestRows: 64 }

let current = measured

export const loopLimits = (): LoopLimits => current

/** Other limits for plans to come, for tests of loops over small values; null for those that were measured. */
export function changeLoopLimits(limits: LoopLimits | null): void {
  current = limits ?? measured
}
