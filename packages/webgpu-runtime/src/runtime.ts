import { SurprisalError } from '@surprisal/tensor'
import { bytesText } from './buffers/bytes-text.ts'
import { BufferPool, type DeviceBuffer, PooledBuffer, type RuntimeMemory } from './buffers/pool.ts'
import { StagingRing } from './buffers/staging.ts'
import { type AcquiredDevice, type AcquireOptions, type AdapterDescription, acquireDevice } from './device/acquire.ts'
import { mapRead, storageUsage } from './device/gpu-constants.ts'
import type { ComputeLimits } from './device/limits.ts'
import { createStats, type RuntimeStats } from './device/stats.ts'
import { DeviceWatch, errorFrom } from './device/watch.ts'
import { CommandEncoder } from './kernels/encoder.ts'
import { copyOf, Kernel, type KernelSpec } from './kernels/kernel.ts'
import { type ProfileRow, Profiler } from './kernels/profiler.ts'
import { Recorder } from './kernels/recorder.ts'
import { PipelineCache } from './pipelines/pipeline-cache.ts'

/** Options of {@link createRuntime}. */
export interface RuntimeOptions extends AcquireOptions {
  /**
   * Submits each kernel by itself and waits, so that an error names it, and shows the source of a shader that does not
   * compile. Slow.
   * @default false
   */
  readonly debug?: boolean
}

/** A part of a buffer. */
export interface ReadRange {
  readonly buffer: DeviceBuffer
  /** In bytes. @default 0 */
  readonly offset?: number
  /** @default all from `offset` on */
  readonly bytes?: number
}

/** Compute kernels, and the memory they work on, of one device. Made by {@link createRuntime}. */
export class Runtime {
  /** Who made the adapter and what it is. */
  readonly info: AdapterDescription
  readonly limits: ComputeLimits
  /** Features in use. */
  readonly features: ReadonlySet<string>
  /** Features of the shader language in use. */
  readonly languageFeatures: ReadonlySet<string>
  /** Whether a processor plays the GPU. */
  readonly isSoftware: boolean
  readonly #device: GPUDevice
  readonly #watch: DeviceWatch
  readonly #stats = createStats()
  readonly #pool: BufferPool
  readonly #staging: StagingRing
  readonly #pipelines: PipelineCache
  readonly #encoder: CommandEncoder
  readonly #recorder: Recorder
  #warming: Promise<void>[] | null = null

  constructor(acquired: AcquiredDevice, debug: boolean) {
    const { device, info, limits, features, languageFeatures, isSoftware } = acquired
    this.info = info
    this.limits = limits
    this.features = features
    this.languageFeatures = languageFeatures
    this.isSoftware = isSoftware
    this.#device = device
    this.#watch = new DeviceWatch(device)
    this.#pool = new BufferPool(device, this.#stats)
    this.#staging = new StagingRing(device, this.#stats)
    this.#pipelines = new PipelineCache(device, this.#stats, debug)
    this.#encoder = new CommandEncoder(device, this.#pool, this.#stats)
    this.#recorder = new Recorder(device, this.#encoder, this.#pool, this.#watch, debug)
  }

  /**
   * A buffer with the bytes of `data`, which may stand on shared memory. Where memory runs short they are read once
   * more until the next `read` or `idle`, so leave them alone until then.
   * @throws {SurprisalError} `memory` when it exceeds the device's limit, `device` when the device is lost
   */
  upload(data: ArrayBufferView): DeviceBuffer {
    this.#watch.check()
    const bytes = data.byteLength
    const source = new Uint8Array(data.buffer, data.byteOffset, bytes)
    this.#stats.bytesUploaded += bytes
    if (!this.#pool.has(bytes, storageUsage))
      return this.#pool.allocate(bytes, storageUsage, 'upload', target => new Uint8Array(target).set(source))
    const buffer = this.#pool.allocate(bytes, storageUsage, 'upload')
    const copy = copyOf(data)
    if (this.#recorder.isIdle && this.#pool.isSettled) this.#device.queue.writeBuffer(buffer.gpu, 0, copy)
    else this.#recorder.record({ kind: 'write', buffer, data: copy })
    return buffer
  }

  /**
   * A buffer whose contents are undefined.
   * @param bytes a non-negative integer
   * @param label what it is for, in messages
   * @throws {SurprisalError} `memory` when it exceeds the device's limit, `device` when the device is lost
   */
  alloc(bytes: number, label = 'buffer'): DeviceBuffer {
    this.#watch.check()
    return this.#pool.allocate(bytes, storageUsage, label)
  }

  /** Records that a buffer is filled with zeros. */
  clear(buffer: DeviceBuffer): void {
    this.#recorder.record({ kind: 'clear', buffer: pooled('clear', buffer) })
  }

  /** Records a copy; offsets and `bytes` are multiples of 4, and the buffers are two. */
  copy(from: DeviceBuffer, fromOffset: number, to: DeviceBuffer, toOffset: number, bytes: number): void {
    const [source, target] = [pooled('copy', from), pooled('copy', to)]
    if (source === target) throw new SurprisalError('argument', 'copy: from and to must be two buffers')
    for (const [name, value] of Object.entries({ fromOffset, toOffset, bytes }))
      if (!Number.isSafeInteger(value) || value < 0 || value % 4 !== 0)
        throw new SurprisalError('argument', `copy: ${name} must be a multiple of 4, got ${value}`)
    if (bytes > 0) this.#recorder.record({ kind: 'copy', from: source, fromOffset, to: target, toOffset, bytes })
  }

  /**
   * A copy of the bytes of a buffer, after everything recorded before.
   * @param offset in bytes
   * @param bytes default all from `offset` on
   * @throws {SurprisalError} `argument` for a range outside of the buffer; rejects with what went wrong since the last
   *   read: `device` for a lost device or a shader that does not compile, `memory`
   */
  async read(buffer: DeviceBuffer, offset = 0, bytes = buffer.size - offset): Promise<ArrayBuffer> {
    const [data] = await this.readAll([{ buffer, offset, bytes }])
    return data
  }

  /** As {@link Runtime.read}, of several ranges at once: one submission, one wait. */
  async readAll(ranges: readonly ReadRange[]): Promise<ArrayBuffer[]> {
    this.#watch.check()
    let total = 0
    const parts = ranges.map(({ buffer, offset = 0, bytes = buffer.size - offset }) => {
      const from = pooled('read', buffer)
      const inside = Number.isSafeInteger(offset) && Number.isSafeInteger(bytes) && offset >= 0 && bytes >= 0
      if (!inside || offset + bytes > buffer.size)
        throw new SurprisalError(
          'argument',
          `read: range must lie in ${bytesText(buffer.size)}, got ${bytes} bytes at ${offset}`,
        )
      const start = offset - (offset % 4)
      const length = Math.ceil((offset + bytes - start) / 4) * 4
      const part = { from, start, length, at: total, skip: offset - start, bytes }
      total += length
      return part
    })
    const staging = this.#staging.take(total)
    for (const { from, start, length, at } of parts)
      if (length > 0)
        this.#recorder.record({ kind: 'read', from, offset: start, staging, stagingOffset: at, bytes: length })
    try {
      await this.#recorder.submitted()
      this.#watch.check()
      await this.#watch.orLost(staging.mapAsync(mapRead, 0, Math.max(4, total)))
    } catch (error) {
      this.#staging.drop(staging)
      this.#watch.check()
      throw error instanceof SurprisalError ? error : errorFrom(error as Error, 'read')
    }
    const mapped = staging.getMappedRange(0, Math.max(4, total))
    const copies = parts.map(({ at, skip, bytes }) => mapped.slice(at + skip, at + skip + bytes))
    staging.unmap()
    this.#staging.give(staging)
    this.#watch.check()
    for (const { bytes } of parts) this.#stats.bytesRead += bytes
    return copies
  }

  /**
   * A kernel of one's own source; the same source is compiled once.
   * @throws {SurprisalError} `argument` for more bindings or a larger workgroup than the device allows. A shader that
   *   does not compile is reported by the next read
   */
  kernel(spec: KernelSpec): Kernel {
    this.#watch.check()
    const { name, bindings, workgroup = 1 } = spec
    const { maxStorageBuffersPerShaderStage: most, maxComputeInvocationsPerWorkgroup: invocations } = this.limits
    const storage = bindings.filter(kind => kind !== 'uniform').length
    if (bindings.length - storage > 1)
      throw new SurprisalError(
        'argument',
        `${name}: at most one binding may be uniform, got ${bindings.length - storage}`,
      )
    if (storage > most)
      throw new SurprisalError('argument', `${name}: the device allows ${most} storage bindings, got ${storage}`)
    if (workgroup > invocations)
      throw new SurprisalError('argument', `${name}: the device allows workgroups of ${invocations}, got ${workgroup}`)
    return new Kernel(spec, this.#pipelines.for(spec), {
      record: dispatch => {
        this.#watch.check()
        if (this.#warming) this.#warming.push(dispatch.kernel.pipeline.ready)
        else this.#recorder.record(dispatch)
      },
    })
  }

  /** Submits what has been recorded. */
  flush(): void {
    this.#recorder.flush()
  }

  /**
   * Resolves when the device has done everything recorded so far.
   * @throws {SurprisalError} rejects with what went wrong since the last read
   */
  async idle(): Promise<void> {
    await this.#recorder.submitted()
    this.#watch.check()
    await this.#watch.orLost(this.#device.queue.onSubmittedWorkDone())
    this.#watch.check()
  }

  /** Compiles the kernels that `fn` runs, without running them. */
  async warmup(fn: () => unknown): Promise<void> {
    this.#warming = []
    try {
      await fn()
      await this.#watch.orLost(Promise.all(this.#warming))
    } finally {
      this.#warming = null
    }
  }

  /** What the kernels that `fn` runs take, each pass by itself; times where the device has `timestamp-query`. */
  async profile<T>(fn: () => Promise<T>): Promise<{ value: T; rows: ProfileRow[] }> {
    await this.idle()
    const profiler = new Profiler(this.#device, this.features.has('timestamp-query'))
    this.#encoder.timer = profiler
    try {
      const value = await fn()
      await this.idle()
      return { value, rows: await this.#watch.orLost(profiler.rows()) }
    } finally {
      this.#encoder.timer = null
    }
  }

  /** Whether the device is gone, so that every call but `free` throws. */
  get isLost(): boolean {
    return this.#watch.isLost
  }

  /** What has been done since the runtime was made. */
  stats(): RuntimeStats {
    return { ...this.#stats }
  }

  memory(): RuntimeMemory {
    return this.#pool.memory
  }

  /** Gives free buffers back to the system. */
  trim(): void {
    this.#recorder.flush()
    this.#pool.trim()
    this.#staging.trim()
  }

  /** Ends the device: pending reads reject, every later call throws. Idempotent. */
  destroy(): void {
    this.#watch.end('destroyed')
    this.#device.destroy()
  }
}

function pooled(op: string, buffer: DeviceBuffer): PooledBuffer {
  if (!(buffer instanceof PooledBuffer)) throw new SurprisalError('argument', `${op}: buffer must be one of a runtime`)
  if (buffer.freed) throw new SurprisalError('disposed', `${op}: buffer has been freed`)
  return buffer
}

/**
 * A runtime on a device of its own.
 * @throws {SurprisalError} `device` where there is no GPU object, no adapter, or no device is given
 */
export async function createRuntime(options: RuntimeOptions = {}): Promise<Runtime> {
  return new Runtime(await acquireDevice(options), options.debug ?? false)
}
