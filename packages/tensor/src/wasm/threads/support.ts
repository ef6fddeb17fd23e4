import { nodeModule } from './node-module.ts'

/** More threads than this rarely help kernels that wait for memory. */
const mostThreads = 4

/**
 * Whether helper threads can share a memory with this one: shared WebAssembly memory and workers are there, and a page
 * is cross-origin isolated. Policies that forbid workers show only when one is started.
 */
export function threadsAvailable(): boolean {
  if (typeof SharedArrayBuffer !== 'function' || !sharedMemory()) return false
  if (nodeModule('node:worker_threads')) return true
  return typeof Worker === 'function' && globalThis.crossOriginIsolated === true
}

function sharedMemory(): boolean {
  try {
    return new WebAssembly.Memory({ initial: 0, maximum: 0, shared: true }).buffer instanceof SharedArrayBuffer
  } catch {
    return false
  }
}

/** Threads to use when nobody says how many, the calling one included: one a core, at most 4. */
export function defaultThreads(): number {
  const cores = globalThis.navigator?.hardwareConcurrency ?? nodeModule('node:os')?.availableParallelism() ?? 1
  return Math.min(mostThreads, cores)
}
