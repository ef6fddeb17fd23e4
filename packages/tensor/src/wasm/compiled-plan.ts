import type { Scalar } from '../fusion/build.ts'
import type { Moves } from '../fusion/loops/rows.ts'
import type { Step, Steps } from '../fusion/steps.ts'
import type { Span } from './arena.ts'
import type { CachedKernel } from './kernel-cache.ts'

/** One call of a kernel over all its units. */
export interface Launch {
  readonly kernel: CachedKernel
  /** Address of its block. */
  readonly args: number
  readonly units: number
  /** Units that are done at a time. */
  readonly grain: number
  /** Rough time of all units on one thread, in nanoseconds. */
  readonly cost: number
}

/** An index that must lie in a dim of a size; null where a number stands for something else. */
export type Check = { readonly op: string; readonly dim: number; readonly size: number } | null

/** A step that can be run: launches, or a primitive's plain loops. */
export interface CompiledStep {
  readonly step: Step
  readonly launches: readonly Launch[]
  /** Rough time of all launches on one thread, in nanoseconds. */
  readonly cost: number
  /** By the number that a block's status names, where an index can be out of range. */
  readonly checks: readonly Check[] | null
  /** What a loop runs instead of launches of its own. */
  readonly parts?: readonly CompiledPart[]
}

/** A word of a block that holds an address which moves with the counters of a loop. */
export interface Moving {
  readonly word: number
  readonly value: number
  /** Bytes for a count of each counter of batches, and for a row. */
  readonly bytes: Moves
}

/** A kernel of a loop. */
export interface CompiledBody {
  readonly first: CompiledStep
  /** What is run for other rows than the first, where it adds to what there is. */
  readonly later: CompiledStep | null
  readonly moving: readonly Moving[]
}

/** Kernels that are run in turn, for each batch, for blocks of rows. */
export interface CompiledPart {
  readonly from: number
  readonly to: number
  readonly block: number
  readonly body: readonly CompiledBody[]
}

/** A number in the block of a launch that differs from run to run. */
export interface ScalarPatch extends Scalar {
  readonly address: number
}

/** A plan in the arena: everything but the addresses of leaves and outputs, and the numbers. */
export interface CompiledPlan {
  /** When it was used last, on the engine's clock. */
  used: number
  /** The key of the traces that it serves. */
  readonly key: Int32Array
  readonly source: Steps
  readonly steps: readonly CompiledStep[]
  /** Values in memory before the plan runs. */
  readonly leaves: readonly number[]
  /** Values whose address is an offset in the memory of plans: pairs of value and offset. */
  readonly temporaries: readonly (readonly [number, number])[]
  readonly temporaryBytes: number
  readonly outputBytes: number
  /** How many addresses values and workspaces have. */
  readonly addresses: number
  /** Numbers that kernels read from memory. */
  readonly numbers: readonly { readonly value: number; readonly address: number }[]
  /** Pairs of a word of the arena and the value whose address it holds. */
  readonly pointers: Int32Array
  readonly scalars: readonly ScalarPatch[]
  /** Memory of the blocks and numbers. */
  readonly span: Span
  readonly scratchBytes: number
  /** Rough time of the plan on one thread, in nanoseconds. */
  readonly cost: number
}
