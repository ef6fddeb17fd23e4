import type { Counts } from '../gpu/counts.ts'
import type { Bytes } from '../process/runner.ts'
import type { Summary } from './statistics.ts'

/** One participant of a case. */
export interface ParticipantResult {
  /** Version of the library; absent where it did not start. */
  readonly version?: string
  /** Milliseconds of the first evaluation. */
  readonly firstMs?: number
  /** Absent where there is a problem. */
  readonly times?: Summary
  /** Bytes on the device, where the library counts them. */
  readonly bytes?: Bytes | null
  /** What one evaluation asks of a GPU, the most of several; absent on other devices. */
  readonly counts?: Counts
  /** Why there are no times. */
  readonly problem?: string
}

/** A bound and what was reached. */
export interface Check {
  /** What is bounded, such as `ratio to tfjs`. */
  readonly what: string
  readonly reached: number | null
  readonly bound: number
  /** Whether more is better. */
  readonly atLeast: boolean
  readonly met: boolean
  /** Why nothing was reached. */
  readonly note?: string
}

/** What became of a case. */
export interface CaseResult {
  /** Package and name, such as `tensor/matmul-512`. */
  readonly case: string
  readonly threads: number
  /** Why the case was not run. */
  readonly skipped?: string
  /** By name, ours first. */
  readonly participants: Readonly<Record<string, ParticipantResult>>
  /** Time of the other divided by ours, by minima. */
  readonly ratios: Readonly<Record<string, number>>
  readonly targets: Readonly<Record<string, number>>
  /** Bounds that count. */
  readonly checks: readonly Check[]
  /** Milliseconds on a core of 3.5 GHz that the case aims at. */
  readonly guideMs?: number
  /** The same for the first evaluation. */
  readonly guideFirstMs?: number
  /** 10^9 floating-point operations and bytes a second, where the case names its work. */
  readonly gflops?: number
  readonly gigabytes?: number
  /** Parts of what the adapter does at most, on a GPU. */
  readonly ofAdapter?: { readonly gflops?: number; readonly gigabytes?: number }
  /** The most bytes that our side held. */
  readonly peakBytes: number | null
}
