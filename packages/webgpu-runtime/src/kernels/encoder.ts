import type { BufferPool, PooledBuffer } from '../buffers/pool.ts'
import { uniformAlignment, uniformUsage } from '../device/gpu-constants.ts'
import type { RuntimeStats } from '../device/stats.ts'
import { BindGroupCache } from '../pipelines/bind-groups.ts'
import { buffersOf, type Command, type Dispatch } from './commands.ts'
import { gridFor } from './grid.ts'

const roundUp = (bytes: number, unit: number): number => Math.ceil(bytes / unit) * unit

/** A range of commands with their uniform blocks in one buffer. */
interface Uniforms {
  readonly buffer: PooledBuffer | null
  /** Of each command; -1 for none. */
  readonly offsets: readonly number[]
}

/** Times of kernels, where somebody wants them. */
export interface PassTimer {
  /** What a pass of one dispatch is to write its times to. */
  begin(dispatch: Dispatch): GPUComputePassTimestampWrites | undefined
}

/** Puts commands into submissions. Every pipeline must be compiled by then. */
export class CommandEncoder {
  readonly #device: GPUDevice
  readonly #pool: BufferPool
  readonly #stats: RuntimeStats
  readonly #bindGroups: BindGroupCache
  /** Asked about each dispatch while it is set; every dispatch then is a pass of its own. */
  timer: PassTimer | null = null

  constructor(device: GPUDevice, pool: BufferPool, stats: RuntimeStats) {
    this.#device = device
    this.#pool = pool
    this.#stats = stats
    this.#bindGroups = new BindGroupCache(device)
    pool.onTrim = () => this.#bindGroups.clear()
  }

  /** One submission, or more where a buffer is written by the host after a kernel has used it. */
  submit(commands: readonly Command[]): void {
    let from = 0
    const used = new Set<GPUBuffer>()
    commands.forEach((command, at) => {
      if (command.kind === 'write' && used.has(command.buffer.gpu)) {
        this.#submitRange(commands.slice(from, at))
        from = at
        used.clear()
      }
      for (const buffer of buffersOf(command)) used.add(buffer.gpu)
    })
    this.#submitRange(commands.slice(from))
  }

  #submitRange(commands: readonly Command[]): void {
    for (const command of commands)
      if (command.kind === 'write') this.#device.queue.writeBuffer(command.buffer.gpu, 0, command.data)
    const rest = commands.filter(command => command.kind !== 'write')
    if (rest.length === 0) return
    const uniforms = this.#writeUniforms(rest)
    const encoder = this.#device.createCommandEncoder()
    let pass: GPUComputePassEncoder | null = null
    rest.forEach((command, i) => {
      if (command.kind === 'dispatch') {
        const timestampWrites = this.timer?.begin(command)
        if (timestampWrites) pass?.end()
        if (timestampWrites) pass = encoder.beginComputePass({ timestampWrites })
        pass ??= encoder.beginComputePass()
        this.#dispatch(pass, command, uniforms.buffer, uniforms.offsets[i])
        return
      }
      pass?.end()
      pass = null
      if (command.kind === 'clear') encoder.clearBuffer(command.buffer.gpu)
      else if (command.kind === 'copy')
        encoder.copyBufferToBuffer(
          command.from.gpu,
          command.fromOffset,
          command.to.gpu,
          command.toOffset,
          command.bytes,
        )
      else if (command.kind === 'read')
        encoder.copyBufferToBuffer(
          command.from.gpu,
          command.offset,
          command.staging,
          command.stagingOffset,
          command.bytes,
        )
    })
    ;(pass as GPUComputePassEncoder | null)?.end()
    this.#device.queue.submit([encoder.finish()])
    this.#stats.submissions += 1
    uniforms.buffer?.free()
  }

  #writeUniforms(commands: readonly Command[]): Uniforms {
    let bytes = 0
    const offsets = commands.map(command => {
      if (command.kind !== 'dispatch' || !command.params) return -1
      const offset = bytes
      bytes += roundUp(command.params.byteLength, uniformAlignment)
      return offset
    })
    if (bytes === 0) return { buffer: null, offsets }
    const blocks = new Uint8Array(bytes)
    commands.forEach((command, i) => {
      if (command.kind === 'dispatch' && command.params) blocks.set(command.params, offsets[i])
    })
    const buffer = this.#pool.allocate(bytes, uniformUsage, 'parameters')
    this.#device.queue.writeBuffer(buffer.gpu, 0, blocks)
    return { buffer, offsets }
  }

  #dispatch(pass: GPUComputePassEncoder, command: Dispatch, uniforms: PooledBuffer | null, offset: number): void {
    const { kernel, buffers, params, groups } = command
    const { layouts, compiled } = kernel.pipeline
    let next = 0
    const ranges = kernel.spec.bindings.map(kind => {
      if (kind === 'uniform')
        return { buffer: (uniforms as PooledBuffer).gpu, size: roundUp((params as Uint8Array).byteLength, 16) }
      const buffer = buffers[next++]
      return { buffer: buffer.gpu, size: Math.max(4, roundUp(buffer.size, 4)) }
    })
    pass.setPipeline(compiled as GPUComputePipeline)
    pass.setBindGroup(0, this.#bindGroups.for(layouts, ranges), offset < 0 ? [] : [offset])
    const max = this.#device.limits.maxComputeWorkgroupsPerDimension
    pass.dispatchWorkgroups(...gridFor(groups, { max }))
    this.#stats.dispatches += 1
  }
}
