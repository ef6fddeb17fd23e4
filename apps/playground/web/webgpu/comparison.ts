import type { Device } from '@surprisal/tensor'
import type { Agreement } from './compare.ts'
import type { Reply } from './messages.ts'
import type { WorkName } from './work.ts'

/** Milliseconds of each run so far, by device. */
export type Times = Readonly<Record<Device, readonly number[]>>

/** A comparison, under way or done. */
export interface Comparison {
  readonly work: WorkName
  readonly size: number
  readonly times: Times
  /** Null before the first run has ended. */
  readonly agreement: Agreement | null
  readonly isRunning: boolean
  readonly error: string | null
}

/** A comparison that begins. */
export const newComparison = (work: WorkName, size: number): Comparison => ({
  work,
  size,
  times: { cpu: [], webgpu: [] },
  agreement: null,
  isRunning: true,
  error: null,
})

/** What a comparison becomes by a message of the worker. */
export function advance(comparison: Comparison, reply: Reply): Comparison {
  if (reply.kind === 'sample') {
    const { device, milliseconds } = reply
    return { ...comparison, times: { ...comparison.times, [device]: [...comparison.times[device], milliseconds] } }
  }
  if (reply.kind === 'agreement') return { ...comparison, agreement: reply }
  return reply.kind === 'end' ? { ...comparison, isRunning: false, error: reply.error } : comparison
}
