import { gpuForTests } from '@surprisal/webgpu-runtime/software'
import { globals } from 'webgpu'
import { countCalls } from './count-calls.ts'
import type { Counts } from './counts.ts'

/** The GPU of a process and what is asked of it. */
export interface CountedGpu {
  readonly gpu: GPU
  readonly counts: () => Counts
}

/**
 * Gives this process the GPU of a page: `navigator.gpu` and the names beside it, as the peers look for them.
 *
 * @throws Error where there is no adapter
 */
export async function countedGpu(): Promise<CountedGpu> {
  const gpu = await gpuForTests()
  const adapter = await gpu?.requestAdapter()
  if (!gpu || !adapter) throw new Error('there is no GPU adapter')
  Object.assign(globalThis, globals)
  Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true })
  const device = await adapter.requestDevice()
  const counts = countCalls(device)
  device.destroy()
  return { gpu, counts }
}
