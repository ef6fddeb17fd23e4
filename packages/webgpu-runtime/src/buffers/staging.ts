import { bufferUsage } from '../device/gpu-constants.ts'
import type { RuntimeStats } from '../device/stats.ts'
import { sizeClass } from './size-class.ts'

/** Buffers that the host can map for reading; each is used again when its reader has copied it. */
export class StagingRing {
  readonly #device: GPUDevice
  readonly #stats: RuntimeStats
  readonly #free = new Map<number, GPUBuffer[]>()

  constructor(device: GPUDevice, stats: RuntimeStats) {
    this.#device = device
    this.#stats = stats
  }

  take(bytes: number): GPUBuffer {
    const size = sizeClass(bytes)
    const found = this.#free.get(size)?.pop()
    if (found) return found
    this.#stats.buffersCreated += 1
    const usage = bufferUsage.mapRead | bufferUsage.copyTarget
    return this.#device.createBuffer({ size, usage, label: 'staging' })
  }

  /** Takes back a buffer that is not mapped. */
  give(buffer: GPUBuffer): void {
    const list = this.#free.get(buffer.size)
    if (list) list.push(buffer)
    else this.#free.set(buffer.size, [buffer])
  }

  /** Ends a buffer whose reader has failed. */
  drop(buffer: GPUBuffer): void {
    buffer.destroy()
  }

  trim(): void {
    for (const buffers of this.#free.values()) for (const buffer of buffers) buffer.destroy()
    this.#free.clear()
  }
}
