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

/** Memory that buffers of the pool have one after the other. */
export interface Slot {
  /** Replaced when there was not enough memory at first. */
  gpu: GPUBuffer
  /** There was no room for it: nobody gets it any more. */
  isMissing: boolean
}

/** A buffer of the pool. */
export class PooledBuffer implements DeviceBuffer {
  readonly size: number
  readonly capacity: number
  readonly usage: number
  readonly slot: Slot
  freed = false
  /** Whether the pool had no buffer that could be used again. */
  readonly fresh: boolean
  readonly #release: (buffer: PooledBuffer) => void

  constructor(
    { size, capacity, usage, fresh }: Pick<PooledBuffer, 'size' | 'capacity' | 'usage' | 'fresh'>,
    slot: Slot,
    release: (b: PooledBuffer) => void,
  ) {
    this.size = size
    this.fresh = fresh
    this.capacity = capacity
    this.usage = usage
    this.slot = slot
    this.#release = release
  }

  get gpu(): GPUBuffer {
    return this.slot.gpu
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
  readonly #free = new Map<string, Slot[]>()
  #checks: Promise<void>[] = []
  #unsettled = 0
  #live = 0
  #pooled = 0
  #peak = 0
  /** Told before buffers are destroyed. */
  onTrim: () => void = () => {}
  /** Whether commands that have yet to be submitted need a buffer, which may be free for those to come. */
  isAwaited: (gpu: GPUBuffer) => boolean = () => false

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
    return this.#unsettled === 0
  }

  /**
   * A buffer from the pool, or else a fresh one; `fill` writes the contents of a fresh one, again when there was no
   * memory for it at first.
   * @param label what the memory is for, in messages
   * @throws {SurprisalError} `memory` for more than the device allows
   */
  allocate(bytes: number, usage: number, label: string, fill?: (target: ArrayBuffer) => void): PooledBuffer {
    this.checkSize(bytes, label)
    const capacity = Math.min(sizeClass(bytes), this.#most - (this.#most % 4))
    const known = fill ? undefined : this.#take(usage, capacity)
    const release = (freed: PooledBuffer): void => this.#release(freed)
    const what = { size: bytes, capacity, usage, fresh: !known }
    const slot = known ?? { gpu: this.#create(capacity, usage, label, fill), isMissing: false }
    const buffer = new PooledBuffer(what, slot, release)
    this.#live += capacity
    this.#peak = Math.max(this.#peak, this.#live)
    if (!known) this.#checks.push(this.#check(buffer, label, fill))
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

  /** Destroys the free buffers, but for those that are awaited. */
  trim(): void {
    this.onTrim()
    for (const [key, slots] of this.#free) {
      const kept = slots.filter(({ gpu }) => this.isAwaited(gpu))
      for (const { gpu } of slots) if (!this.isAwaited(gpu)) gpu.destroy()
      this.#pooled -= (slots.length - kept.length) * Number(key.slice(key.indexOf(':') + 1))
      if (kept.length > 0) this.#free.set(key, kept)
      else this.#free.delete(key)
    }
  }

  #take(usage: number, capacity: number): Slot | undefined {
    const found = this.#free.get(`${usage}:${capacity}`)?.pop()
    if (found) this.#pooled -= capacity
    return found
  }

  #release({ slot, usage, capacity }: PooledBuffer): void {
    this.#live -= capacity
    if (slot.isMissing) return
    this.#pooled += capacity
    const key = `${usage}:${capacity}`
    const list = this.#free.get(key)
    if (list) list.push(slot)
    else this.#free.set(key, [slot])
  }

  /** Nobody gets memory that is not there. */
  #discard(slot: Slot, usage: number, capacity: number): void {
    slot.isMissing = true
    const list = this.#free.get(`${usage}:${capacity}`)
    const at = list?.indexOf(slot) ?? -1
    if (at < 0) return
    list?.splice(at, 1)
    this.#pooled -= capacity
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

  /** Tries again when there was no memory; the slot keeps its place, as others may have it by now. */
  #check({ slot, usage, capacity }: PooledBuffer, label: string, fill?: (target: ArrayBuffer) => void): Promise<void> {
    this.#unsettled += 1
    const check = this.#device
      .popErrorScope()
      .then(async error => {
        if (!error) return
        this.trim()
        try {
          slot.gpu = this.#create(capacity, usage, label, fill)
          if (await this.#device.popErrorScope()) throw this.#outOfMemory(capacity, label)
        } catch (failure) {
          this.#discard(slot, usage, capacity)
          throw failure
        }
      })
      .finally(() => {
        this.#unsettled -= 1
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
