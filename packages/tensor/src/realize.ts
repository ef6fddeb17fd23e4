import { checkDevice, type Device, defaultDevice, otherDevices } from './device.ts'
import { evaluateAsync } from './evaluate.ts'
import { currentExecutor, type MemoryUse } from './executor.ts'
import { memoryCounters } from './graph/storage.ts'
import { asTensor } from './operand.ts'
import { nodeOf, Tensor, type TensorLike } from './tensor.ts'

/** Computes several tensors in one plan, so that what they share is computed once. */
export async function realize(...tensors: (TensorLike | readonly TensorLike[])[]): Promise<void> {
  const nodes = tensors
    .flat()
    .map((x, i) => nodeOf(x instanceof Tensor ? x : asTensor('realize', `tensor ${i}`, x as TensorLike), 'realize'))
  await evaluateAsync(nodes)
}

/**
 * Bytes of memory of a device, the default one unless given: of computed values that are alive, the most that were alive at once, freed and kept for reuse, and
 * taken from the system in all.
 */
export function memory(device: Device = defaultDevice()): MemoryUse {
  checkDevice('memory', device)
  const computes = device === 'cpu' ? currentExecutor() : otherDevices()?.backendOf(device)
  return { ...memoryCounters(device), ...(computes?.memory?.() ?? { pooled: 0, arena: 0 }) }
}
