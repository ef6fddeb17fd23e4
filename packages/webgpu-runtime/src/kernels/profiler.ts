import { bufferUsage, mapRead } from '../device/gpu-constants.ts'
import type { Dispatch } from './commands.ts'
import type { PassTimer } from './encoder.ts'

/** Passes that one query set can time. */
const most = 2048

/** What the runs of one kernel took. */
export interface ProfileRow {
  readonly kernel: string
  readonly dispatches: number
  /** Time on the device in milliseconds; null where it tells none. */
  readonly gpuMs: number | null
  /** Bytes of all buffers bound. */
  readonly bytes: number
}

/** Counts dispatches, and times them where the device has `timestamp-query`. */
export class Profiler implements PassTimer {
  readonly #device: GPUDevice
  readonly #queries: GPUQuerySet | null
  readonly #timed: Dispatch[] = []
  readonly #all: Dispatch[] = []

  constructor(device: GPUDevice, canTime: boolean) {
    this.#device = device
    this.#queries = canTime ? device.createQuerySet({ type: 'timestamp', count: 2 * most }) : null
  }

  begin(dispatch: Dispatch): GPUComputePassTimestampWrites | undefined {
    this.#all.push(dispatch)
    const at = this.#timed.length
    if (!this.#queries || at === most) return undefined
    this.#timed.push(dispatch)
    return { querySet: this.#queries, beginningOfPassWriteIndex: 2 * at, endOfPassWriteIndex: 2 * at + 1 }
  }

  /** The rows so far, the slowest first. */
  async rows(): Promise<ProfileRow[]> {
    const times = await this.#read()
    const rows = new Map<string, { dispatches: number; gpuMs: number | null; bytes: number }>()
    this.#all.forEach((dispatch, i) => {
      const name = dispatch.kernel.spec.name
      const row = rows.get(name) ?? { dispatches: 0, gpuMs: times ? 0 : null, bytes: 0 }
      rows.set(name, row)
      row.dispatches += 1
      row.bytes += dispatch.buffers.reduce((sum, { size }) => sum + size, 0)
      if (times && row.gpuMs !== null) row.gpuMs += times[i] ?? 0
    })
    this.#queries?.destroy()
    const list = [...rows].map(([kernel, row]) => ({ kernel, ...row }))
    return list.sort((a, b) => (b.gpuMs ?? b.bytes) - (a.gpuMs ?? a.bytes))
  }

  async #read(): Promise<number[] | null> {
    const count = this.#timed.length
    if (!this.#queries || count === 0) return null
    const size = 16 * count
    const resolved = this.#device.createBuffer({ size, usage: bufferUsage.queryResolve | bufferUsage.copySource })
    const staging = this.#device.createBuffer({ size, usage: bufferUsage.mapRead | bufferUsage.copyTarget })
    const encoder = this.#device.createCommandEncoder()
    encoder.resolveQuerySet(this.#queries, 0, 2 * count, resolved, 0)
    encoder.copyBufferToBuffer(resolved, 0, staging, 0, size)
    this.#device.queue.submit([encoder.finish()])
    await staging.mapAsync(mapRead)
    const ticks = new BigInt64Array(staging.getMappedRange().slice(0))
    resolved.destroy()
    staging.destroy()
    return Array.from({ length: count }, (_, i) => Math.max(0, Number(ticks[2 * i + 1] - ticks[2 * i])) / 1e6)
  }
}
