import type { Device } from '@surprisal/tensor'
import type { Comparison } from './comparison.ts'
import { deviceNames, formatDifference, formatNumber } from './format.ts'
import { works } from './work.ts'

/** A device's line of the table. */
export interface Row {
  readonly device: Device
  /** Milliseconds of a run. */
  readonly best: number
  readonly median: number
  /** By the best time, in the unit of the work. */
  readonly rate: number
  readonly dispatches: number | null
}

/** A line for each device that has been measured. */
export function rowsOf({ work, size, times, agreement }: Comparison): Row[] {
  const devices: readonly Device[] = ['cpu', 'webgpu']
  return devices
    .filter(device => times[device].length > 0)
    .map(device => {
      const sorted = [...times[device]].sort((a, b) => a - b)
      const best = sorted[0]
      const median = (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2
      const rate = works[work].count(size) / best / 1e6
      return { device, best, median, rate, dispatches: agreement?.dispatches[device] ?? null }
    })
}

/** Who is faster, in a sentence; null before both have been measured. */
export function verdictOf(rows: readonly Row[]): string | null {
  if (rows.length < 2) return null
  const [fast, slow] = [...rows].sort((a, b) => a.median - b.median)
  return `${deviceNames[fast.device]} is ${formatNumber(slow.median / fast.median)} times as fast.`
}

/** How far the results of the devices are apart, in a sentence; null where there is one device. */
export function agreementOf({ agreement }: Comparison): string | null {
  if (!agreement || agreement.difference === null) return null
  const { difference, largest } = agreement
  return `Largest difference of the results: ${formatDifference(difference)}, of values up to ${formatNumber(largest)}.`
}
