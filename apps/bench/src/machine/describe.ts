import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'
import type { Adapter } from '../gpu/adapter.ts'
import type { MachineLimits } from './limits.ts'

/** Where and when a run took place. */
export interface Machine {
  readonly date: string
  readonly node: string
  readonly platform: string
  readonly cpu: string
  readonly cores: number
  readonly memoryBytes: number
  /** Average number of waiting processes of the minute before. */
  readonly load: number
  /** 10^9 bytes read and written in a second by a copy within wasm, one thread. */
  readonly copyGBs: number
  /** 10^9 floating-point operations in a second by multiply-adds within wasm, one thread. */
  readonly fmaGflops: number
  /** The GPU, where a case was for one. */
  readonly adapter?: Adapter
}

/** This machine, with limits measured before. */
export function describeMachine({ gigabytes, gflops, adapter }: MachineLimits): Machine {
  return {
    date: new Date().toISOString(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    load: Math.round(loadavg()[0] * 100) / 100,
    copyGBs: Math.round(gigabytes * 10) / 10,
    fmaGflops: Math.round(gflops * 10) / 10,
    ...(adapter && { adapter }),
  }
}
