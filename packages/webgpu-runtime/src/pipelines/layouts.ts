import { computeStage } from '../device/gpu-constants.ts'

/** How a kernel uses a binding: memory it reads, memory it writes, or its parameters. */
export type BindingKind = 'read' | 'read_write' | 'uniform'

/** The layouts of all kernels with the same bindings. */
export interface Layouts {
  readonly id: number
  readonly group: GPUBindGroupLayout
  readonly pipeline: GPUPipelineLayout
}

const bufferOf = (kind: BindingKind): GPUBufferBindingLayout => {
  if (kind === 'uniform') return { type: 'uniform', hasDynamicOffset: true }
  return { type: kind === 'read' ? 'read-only-storage' : 'storage' }
}

/** Explicit layouts, so that kernels with equal bindings can share bind groups. */
export class LayoutCache {
  readonly #device: GPUDevice
  readonly #known = new Map<string, Layouts>()

  constructor(device: GPUDevice) {
    this.#device = device
  }

  for(bindings: readonly BindingKind[]): Layouts {
    const label = bindings.join(' ')
    const known = this.#known.get(label)
    if (known) return known
    const entries = bindings.map((kind, binding) => ({ binding, visibility: computeStage, buffer: bufferOf(kind) }))
    const group = this.#device.createBindGroupLayout({ label, entries })
    const pipeline = this.#device.createPipelineLayout({ label, bindGroupLayouts: [group] })
    const layouts = { id: this.#known.size, group, pipeline }
    this.#known.set(label, layouts)
    return layouts
  }
}
