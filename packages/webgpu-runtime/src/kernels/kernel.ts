import { SurprisalError } from '@surprisal/tensor'
import { type DeviceBuffer, PooledBuffer } from '../buffers/pool.ts'
import type { BindingKind } from '../pipelines/layouts.ts'
import type { Pipeline } from '../pipelines/pipeline-cache.ts'
import type { Dispatch } from './commands.ts'

/** A compute shader of one's own. */
export interface KernelSpec {
  /** What messages and profiles call it. */
  readonly name: string
  /** A module with one entry point; binding i of `bindings` is `@group(0) @binding(i)`. */
  readonly wgsl: string
  /** How it uses its bindings; at most one is `'uniform'`, its parameters. */
  readonly bindings: readonly BindingKind[]
  /** Invocations of a workgroup, to be checked against the device. @default not checked */
  readonly workgroup?: number
  /** Values of the `override` declarations. @default {} */
  readonly constants?: Readonly<Record<string, number>>
}

/** What a kernel records its runs with. */
export interface KernelHost {
  record(dispatch: Dispatch): void
}

/** A kernel that can be run any number of times. */
export class Kernel {
  readonly spec: KernelSpec
  readonly pipeline: Pipeline
  readonly #host: KernelHost
  readonly #storage: readonly BindingKind[]

  constructor(spec: KernelSpec, pipeline: Pipeline, host: KernelHost) {
    this.spec = spec
    this.pipeline = pipeline
    this.#host = host
    this.#storage = spec.bindings.filter(kind => kind !== 'uniform')
  }

  /**
   * Records a run; it is submitted with others by `flush`, by a read, or when there is enough of it.
   * @param buffers one for each binding but the uniform one, in their order
   * @param params the bytes of the uniform block, null where there is none
   * @param groups number of workgroups, spread as by `gridFor`; none for 0
   * @throws {SurprisalError} `argument` for a wrong number of buffers, missing parameters, or a written buffer bound twice;
   *   `disposed` for a freed buffer
   */
  run(buffers: readonly DeviceBuffer[], params: ArrayBufferView | null, groups: number): void {
    const { name, bindings } = this.spec
    const count = this.#storage.length
    if (buffers.length !== count)
      throw new SurprisalError('argument', `${name}: expected ${count} bindings, got ${buffers.length}`)
    const hasUniform = bindings.length > count
    if (hasUniform !== (params !== null)) {
      const [wanted, got] = hasUniform ? ['bytes', 'null'] : ['null (no binding is uniform)', 'bytes']
      throw new SurprisalError('argument', `${name}: params must be ${wanted}, got ${got}`)
    }
    if (!Number.isSafeInteger(groups) || groups < 0)
      throw new SurprisalError('argument', `${name}: groups must be a non-negative integer, got ${groups}`)
    const pooled = buffers.map((buffer, i) => {
      if (!(buffer instanceof PooledBuffer))
        throw new SurprisalError('argument', `${name}: binding ${i} must be a buffer of the runtime`)
      if (buffer.freed) throw new SurprisalError('disposed', `${name}: binding ${i} has been freed`)
      return buffer
    })
    this.#checkAliases(pooled)
    if (groups > 0)
      this.#host.record({ kind: 'dispatch', kernel: this, buffers: pooled, params: copyOf(params), groups })
  }

  #checkAliases(buffers: readonly PooledBuffer[]): void {
    buffers.forEach((buffer, i) => {
      for (let j = i + 1; j < buffers.length; j++) {
        const writes = this.#storage[i] === 'read_write' || this.#storage[j] === 'read_write'
        if (writes && buffers[j] === buffer)
          throw new SurprisalError('argument', `${this.spec.name}: binding ${i} aliases binding ${j} (read_write)`)
      }
    })
  }
}

/** The bytes of a view, of shared memory too. */
export function copyOf(view: ArrayBufferView): Uint8Array<ArrayBuffer>
export function copyOf(view: ArrayBufferView | null): Uint8Array<ArrayBuffer> | null
export function copyOf(view: ArrayBufferView | null): Uint8Array<ArrayBuffer> | null {
  if (!view) return null
  const copy = new Uint8Array(Math.ceil(view.byteLength / 4) * 4)
  copy.set(new Uint8Array(view.buffer, view.byteOffset, view.byteLength))
  return copy
}
