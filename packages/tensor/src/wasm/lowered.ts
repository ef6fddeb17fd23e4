import type { Code } from './code.ts'

/**
 * What a kernel's function is called with: `(args, begin, end, scratch)`, all i32. It does the units `begin <= u < end`
 * of its work, in memory, with nothing left behind in `scratch`, which belongs to the calling thread. Any cut of the
 * units between calls and threads gives the same bits.
 */
export const kernelParameters = ['i32', 'i32', 'i32', 'i32'] as const

/**
 * The block that `args` points at, 8-byte aligned:
 * - bytes 0 to 3: 0, or where a value was wrong the number of the instruction (or of the check) plus 1;
 * - bytes 4 to 7: the value that was wrong;
 * - then one pointer (i32) for each buffer, and one for the workspace, padded to 8 bytes;
 * - then 8 bytes a scalar: a float32 or an integer in the first four, a float64, or the two words of a key;
 * - then the words of the phase.
 */
export const statusBytes = 8

/** Where the scalars begin in the block of a kernel with `buffers` buffers. */
export const scalarsAt = (buffers: number): number => statusBytes + Math.ceil((buffers + 1) / 2) * 8

/** Where the words begin. */
export const wordsAt = (buffers: number, scalars: number): number => scalarsAt(buffers) + scalars * 8

/** One function over units of work; a phase ends on all threads before the next begins. */
export interface Phase {
  /** Equal keys have equal code; sizes and strides are words and no part of it. */
  readonly key: string
  /** Writes the body of the function; see {@link kernelParameters}. */
  write(code: Code): void
  /** Sizes, strides and what else the code reads from its block. */
  readonly words: Int32Array
  readonly units: number
  /** Rough time of one unit in nanoseconds on one thread. */
  readonly unitCost: number
  /** Bytes of scratch memory that one thread needs. */
  readonly scratchBytes: number
}

/** A kernel in phases, with sizes filled in, for buffers whose addresses are given when it runs. */
export interface Lowered {
  readonly phases: readonly Phase[]
  /** Bytes of memory that the phases share, behind the last pointer. */
  readonly workspaceBytes: number
}
