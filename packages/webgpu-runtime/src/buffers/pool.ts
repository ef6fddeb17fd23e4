import { SurprisalError } from '@surprisal/tensor'
import type { RuntimeStats } from '../device/stats.ts'
import { bytesText } from './bytes-text.ts'
import { sizeClass } from './size-class.ts'

/** Bytes of a runtime's buffers. */
export interface RuntimeMemory {
  /** In buffers that are in use. */
  readonly live: number
  /** In buffers that are free to be used again. */
  readonly pooled: number
  /** The most that was in use at once. */
  readonly peak: number
}

/** A piece of the device's memory, until it is freed. */
export interface DeviceBuffer {
  /** Bytes that were asked for. */
  readonly size: number
  /** Gives the memory back to the pool; commands that were recorded before still see it. Idempotent. */
  free(): void
}

/** A buffer of the pool. */
export class PooledBuffer implements DeviceBuffer {
  readonly size: number
  readonly capacity: number
  readonly usage: number
  /** Replaced when there was not enough memory at first. */
  gpu: GPUBuffer
  freed = false
  /** Whether the pool had no buffer that could be used again. */
  readonly fresh: boolean
  readonly #release: (buffer: PooledBuffer) => void

  constructor(
    { size, capacity, usage, fresh }: Pick<PooledBuffer, 'size' | 'capacity' | 'usage' | 'fresh'>,
    gpu: GPUBuffer,
    release: (b: PooledBuffer) => void,
  ) {
    this.size = size
    this.fresh = fresh
    this.capacity = capacity
    this.usage = usage
    this.gpu = gpu
    this.#release = release
  }

  free(): void {
    if (this.freed) return
    this.freed = true
    this.#release(this)
  }
}

/** Buffers by size class and usage, which are made when there is none and are never given back but by `trim`. */
export class BufferPool {
  readonly #device: GPUDevice
  readonly #stats: RuntimeStats
  readonly #most: number
  readonly #free = new Map<string, GPUBuffer[]>()
  #checks: Promise<void>[] = []
  #live = 0
  #pooled = 0
  #peak = 0
  /** Told before buffers are destroyed. */
  onTrim: () => void = () => {}

  constructor(device: GPUDevice, stats: RuntimeStats) {
    this.#device = device
    this.#stats = stats
    this.#most = Math.min(device.limits.maxBufferSize, device.limits.maxStorageBufferBindingSize)
  }

  get memory(): RuntimeMemory {
    return { live: this.#live, pooled: this.#pooled, peak: this.#peak }
  }

  /** Whether the buffers that were made so far are known to exist. */
  get isSettled(): boolean {
    return this.#checks.length === 0
  }

  /**
   * A buffer from the pool, or else a fresh one; `fill` writes the contents of a fresh one.
   * @param label what the memory is for, in messages
   * @throws {SurprisalError} `memory` for more than the device allows
   */
  allocate(bytes: number, usage: number, label: string, fill?: (target: ArrayBuffer) => void): PooledBuffer {
    this.checkSize(bytes, label)
    const capacity = Math.min(sizeClass(bytes), this.#most - (this.#most % 4))
    const gpu = fill ? undefined : this.#take(usage, capacity)
    const release = (freed: PooledBuffer): void => this.#release(freed)
    const what = { size: bytes, capacity, usage, fresh: !gpu }
    const buffer = new PooledBuffer(what, gpu ?? this.#create(capacity, usage, label, fill), release)
    this.#live += capacity
    this.#peak = Math.max(this.#peak, this.#live)
    if (!gpu) this.#checks.push(this.#check(buffer, label))
    return buffer
  }

  /** Whether a free buffer could serve a request. */
  has(bytes: number, usage: number): boolean {
    return (this.#free.get(`${usage}:${sizeClass(bytes)}`)?.length ?? 0) > 0
  }

  /**
   * @throws {SurprisalError} `memory` for more than the device allows
   */
  checkSize(bytes: number, label: string): void {
    if (bytes <= this.#most) return
    const [wanted, most] = [bytesText(bytes), bytesText(this.#most)]
    throw new SurprisalError('memory', `webgpu: ${label} of ${wanted} exceeds the device limit of ${most}`)
  }

  /**
   * Resolves when every buffer made so far is known to exist.
   * @throws {SurprisalError} `memory` when there was no room, not even after free buffers were destroyed
   */
  async settle(): Promise<void> {
    const checks = this.#checks
    this.#checks = []
    await Promise.all(checks)
  }

  /** Destroys the free buffers. */
  trim(): void {
    this.onTrim()
    for (const buffers of this.#free.values()) for (const buffer of buffers) buffer.destroy()
    this.#free.clear()
    this.#pooled = 0
  }

  #take(usage: number, capacity: number): GPUBuffer | undefined {
    const found = this.#free.get(`${usage}:${capacity}`)?.pop()
    if (found) this.#pooled -= capacity
    return found
  }

  #release({ gpu, usage, capacity }: PooledBuffer): void {
    this.#live -= capacity
    this.#pooled += capacity
    const key = `${usage}:${capacity}`
    const list = this.#free.get(key)
    if (list) list.push(gpu)
    else this.#free.set(key, [gpu])
  }

  /** Leaves an error scope for {@link BufferPool.settle} to look at. */
  #create(capacity: number, usage: number, label: string, fill?: (target: ArrayBuffer) => void): GPUBuffer {
    this.#device.pushErrorScope('out-of-memory')
    const make = () => this.#device.createBuffer({ size: capacity, usage, label, mappedAtCreation: fill !== undefined })
    let gpu: GPUBuffer
    try {
      gpu = make()
    } catch {
      // The host has no memory to map.
      this.trim()
      try {
        gpu = make()
      } catch {
        this.#device.popErrorScope().catch(() => {})
        throw this.#outOfMemory(capacity, label)
      }
    }
    this.#stats.buffersCreated += 1
    if (fill) {
      fill(gpu.getMappedRange())
      gpu.unmap()
    }
    return gpu
  }

  #check(buffer: PooledBuffer, label: string): Promise<void> {
    const check = this.#device.popErrorScope().then(async error => {
      if (!error) return
      this.trim()
      this.#device.pushErrorScope('out-of-memory')
      buffer.gpu = this.#device.createBuffer({ size: buffer.capacity, usage: buffer.usage, label })
      if (await this.#device.popErrorScope()) throw this.#outOfMemory(buffer.capacity, label)
    })
    check.catch(() => {})
    return check
  }

  #outOfMemory(bytes: number, label: string): SurprisalError {
    const { live, pooled } = this.memory
    const held = `(pooled ${bytesText(pooled)}, live ${bytesText(live)})`
    return new SurprisalError('memory', `webgpu: out of memory allocating ${bytesText(bytes)} for ${label} ${held}`)
  }
}
