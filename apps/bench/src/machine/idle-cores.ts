import { cpus } from 'node:os'

/** Time of all cores together since the machine started. */
interface CoreTimes {
  readonly idle: number
  readonly total: number
}

/** How many cores had nothing to do between two readings. */
export function idleBetween(before: CoreTimes, after: CoreTimes, cores: number): number {
  const total = after.total - before.total
  return total > 0 ? (cores * (after.idle - before.idle)) / total : cores
}

/**
 * Watches the machine for a while.
 *
 * @param ms how long. @default 300
 * @returns how many of its cores had nothing to do
 */
export async function idleCores(ms = 300): Promise<number> {
  const before = readTimes()
  await new Promise(resolve => setTimeout(resolve, ms))
  return idleBetween(before, readTimes(), cpus().length)
}

function readTimes(): CoreTimes {
  const times = cpus().map(cpu => cpu.times)
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)
  return { idle: sum(times.map(time => time.idle)), total: sum(times.flatMap(time => Object.values(time))) }
}
