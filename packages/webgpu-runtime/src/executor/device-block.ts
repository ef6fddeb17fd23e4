import { SurprisalError } from '@surprisal/tensor'
import type { Block, DType, HostArray, Node } from '@surprisal/tensor/backend'
import { type DeviceBuffer, PooledBuffer } from '../buffers/pool.ts'
import type { Runtime } from '../runtime.ts'
import { unpackElements } from '../wgsl/elements-of-host.ts'

/** From this many bytes on a block makes itself felt to the collector. */
const weighty = 1024

/** What is known of values on a device beside their buffer. */
export interface BlockOptions {
  /** What they were uploaded from, which outlives the device. @default null */
  readonly host?: HostArray | null
  /** What messages call them. @default 'upload' */
  readonly label?: string
}

/** What messages call the value of a node. */
export const nameOf = ({ op, shape }: Pick<Node, 'op' | 'shape'>): string => `${op} [${shape.join(', ')}]`

/** The values of a tensor in the memory of a device. */
export class DeviceBlock implements Block {
  readonly device = 'webgpu'
  readonly runtime: Runtime
  readonly buffer: DeviceBuffer
  /** What it was uploaded from, which outlives the device. */
  readonly host: HostArray | null
  /**
   * Untouched memory of the same size: the collector, which does not see the device, runs in time to find values that
   * nothing holds any more. Only where free buffers did not suffice.
   */
  readonly weight: ArrayBuffer | null
  readonly #label: string

  constructor(runtime: Runtime, buffer: DeviceBuffer, { host = null, label = 'upload' }: BlockOptions = {}) {
    this.runtime = runtime
    this.buffer = buffer
    this.host = host
    this.#label = label
    const isFresh = buffer instanceof PooledBuffer && buffer.fresh
    this.weight = isFresh && buffer.size >= weighty ? new ArrayBuffer(buffer.size) : null
  }

  /** @throws {SurprisalError} `device` unless the elements are on the host as well */
  read(): HostArray {
    if (this.host) return this.host
    this.#requireDevice()
    throw new SurprisalError('device', 'webgpu: values on the device cannot be read at once, use await data()')
  }

  /** @throws {SurprisalError} `device` for values that were lost with their device */
  async load(dtype: DType, size: number): Promise<HostArray> {
    if (this.host) return this.host.slice()
    this.#requireDevice()
    return unpackElements(dtype, await this.runtime.read(this.buffer), size)
  }

  free(): void {
    this.buffer.free()
  }

  #requireDevice(): void {
    if (this.runtime.isLost)
      throw new SurprisalError('device', `webgpu: tensor belongs to a lost device (${this.#label})`)
  }
}
