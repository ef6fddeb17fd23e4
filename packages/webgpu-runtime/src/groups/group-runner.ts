import { type Group, normalTable } from '@surprisal/tensor/backend'
import type { DeviceBuffer } from '../buffers/pool.ts'
import type { Kernel } from '../kernels/kernel.ts'
import type { Runtime } from '../runtime.ts'
import { type LoweredStep, nothing } from '../steps/lowered-step.ts'
import type { StorageBinding } from '../wgsl/bindings.ts'
import { type GroupKernel, lowerGroup } from '../wgsl/group-kernel.ts'

/** A kernel of a step and the runtime's kernel that it runs as. */
interface ReadyKernel {
  readonly lowered: GroupKernel
  readonly kernel: Kernel
}

/** What a run works on. */
interface Run {
  /** What messages and profiles call it. */
  readonly name: string
  /** One for each buffer of the group or step; those that are written are no others. */
  readonly buffers: readonly (DeviceBuffer | null)[]
  /** The two words of each scalar, as `scalarWords` makes them. */
  readonly scalars: readonly Uint32Array[]
}

/** A run of a fused group. */
export interface GroupRun extends Run {
  readonly group: Group
  /** Elements of each buffer, the same in every run of a group. */
  readonly sizes: readonly number[]
}

/** A run of a step. */
export interface StepRun extends Run {
  readonly step: LoweredStep
  /** Where wrong indices are reported, and the first word of this step's own, if it checks any. @default none */
  readonly status?: { readonly buffer: DeviceBuffer; readonly first: number }
}

/** Runs fused groups and other steps of plans; the kernels of each are made once. */
export class GroupRunner {
  readonly #runtime: Runtime
  readonly #lowered = new WeakMap<Group, LoweredStep>()
  readonly #ready = new WeakMap<LoweredStep, readonly ReadyKernel[]>()
  #table: DeviceBuffer | null = null

  constructor(runtime: Runtime) {
    this.#runtime = runtime
  }

  /** Records the kernels of a group, and gives what they were made of. */
  run({ group, sizes, ...run }: GroupRun): readonly GroupKernel[] {
    const known = this.#lowered.get(group)
    const step = known ?? { ...nothing, kernels: lowerGroup(group, sizes, this.#runtime.limits) }
    this.#lowered.set(group, step)
    return this.runStep({ step, ...run })
  }

  /** Records the kernels of a step. */
  runStep({ name, step, buffers, scalars, status }: StepRun): readonly GroupKernel[] {
    const known = this.#ready.get(step)
    const isBroken = known?.some(({ kernel }) => kernel.pipeline.hasFailed)
    const ready = known && !isBroken ? known : this.#prepare(step, name)
    const all = [...buffers]
    const workspaces = step.workspaces.map(({ buffer, bytes }) => {
      const made = this.#runtime.alloc(bytes, 'workspace')
      all[buffer] = made
      return made
    })
    let partial: DeviceBuffer | null = null
    for (const { lowered, kernel } of ready) {
      const passing: DeviceBuffer[] = []
      const bound = lowered.storage.map((binding, i) => {
        if (binding.kind === 'status') return status?.buffer as DeviceBuffer
        if (binding.kind !== 'partial') return this.#bind(binding, all, passing)
        if (lowered.bindings[i] === 'read_write') partial = this.#runtime.alloc(binding.bytes, 'results of parts')
        else passing.push(partial as DeviceBuffer)
        return partial as DeviceBuffer
      })
      const params = lowered.params.slice()
      params[1] = status?.first ?? 0
      for (const [slot, at] of lowered.slots) params.set(scalars[slot], at)
      kernel.run(bound, params, lowered.groups)
      for (const buffer of passing) buffer.free()
    }
    for (const workspace of workspaces) workspace.free()
    return ready.map(({ lowered }) => lowered)
  }

  #prepare(step: LoweredStep, name: string): readonly ReadyKernel[] {
    const ready = step.kernels.map(lowered => {
      const { wgsl, bindings, workgroup } = lowered
      return { lowered, kernel: this.#runtime.kernel({ name, wgsl, bindings, workgroup }) }
    })
    this.#ready.set(step, ready)
    return ready
  }

  #bind(
    binding: Exclude<StorageBinding, { kind: 'partial' | 'status' }>,
    buffers: readonly (DeviceBuffer | null)[],
    passing: DeviceBuffer[],
  ): DeviceBuffer {
    if (binding.kind === 'normalTable') {
      this.#table ??= this.#runtime.upload(normalTable())
      return this.#table
    }
    if (binding.kind === 'buffer') {
      const buffer = buffers[binding.buffer] as DeviceBuffer
      if (binding.clear) this.#runtime.clear(buffer)
      return buffer
    }
    const copy = this.#runtime.alloc(binding.bytes, 'joined operands')
    passing.push(copy)
    for (const { buffer, byteOffset } of binding.members) {
      const from = buffers[buffer] as DeviceBuffer
      this.#runtime.copy(from, 0, copy, byteOffset, Math.ceil(from.size / 4) * 4)
    }
    return copy
  }
}
