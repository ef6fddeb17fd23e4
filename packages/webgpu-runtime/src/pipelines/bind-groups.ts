import type { Layouts } from './layouts.ts'

const most = 1024

/** A part of a buffer that a kernel sees. */
export interface BoundRange {
  readonly buffer: GPUBuffer
  readonly size: number
}

/** Bind groups by the identities of their buffers; the least recently used go first. */
export class BindGroupCache {
  readonly #device: GPUDevice
  readonly #known = new Map<string, GPUBindGroup>()
  readonly #ids = new WeakMap<GPUBuffer, number>()
  #lastId = 0

  constructor(device: GPUDevice) {
    this.#device = device
  }

  for(layouts: Layouts, ranges: readonly BoundRange[]): GPUBindGroup {
    let key = `${layouts.id}`
    for (const { buffer, size } of ranges) key += ` ${this.#idOf(buffer)}:${size}`
    const known = this.#known.get(key)
    const group = known ?? this.#create(layouts, ranges)
    if (known) this.#known.delete(key)
    this.#known.set(key, group)
    if (this.#known.size > most) {
      const [oldest] = this.#known.keys()
      this.#known.delete(oldest)
    }
    return group
  }

  /** Forgets all of them, as buffers are about to be destroyed. */
  clear(): void {
    this.#known.clear()
  }

  #create(layouts: Layouts, ranges: readonly BoundRange[]): GPUBindGroup {
    const entries = ranges.map(({ buffer, size }, binding) => ({ binding, resource: { buffer, offset: 0, size } }))
    return this.#device.createBindGroup({ layout: layouts.group, entries })
  }

  #idOf(buffer: GPUBuffer): number {
    const known = this.#ids.get(buffer)
    if (known !== undefined) return known
    this.#lastId += 1
    this.#ids.set(buffer, this.#lastId)
    return this.#lastId
  }
}
