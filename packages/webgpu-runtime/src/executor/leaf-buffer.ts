import { checkReadable, elementsOf, moveStorage, type Storage } from '@surprisal/tensor/backend'
import type { DeviceBuffer } from '../buffers/pool.ts'
import type { Runtime } from '../runtime.ts'
import { packElements } from '../wgsl/elements-of-host.ts'
import { DeviceBlock } from './device-block.ts'

/**
 * The buffer of a computed value. From the host, or from a device that is gone, it moves to this one at its first use;
 * what was given by the user is kept beside it.
 * @param op names the read in messages
 * @param label names the value
 * @throws {SurprisalError} `disposed` when the memory holds other values by now, `device` when they were lost
 */
export function leafBuffer(runtime: Runtime, storage: Storage, op: string, label = op): DeviceBuffer {
  checkReadable(storage, op)
  const { place, dtype } = storage
  if (place instanceof DeviceBlock && place.runtime === runtime) return place.buffer
  const elements = elementsOf(storage)
  const buffer = runtime.upload(packElements(dtype, elements))
  const isOwn = place === elements || place instanceof DeviceBlock
  moveStorage(storage, new DeviceBlock(runtime, buffer, { host: isOwn ? elements : null, label }))
  return buffer
}
