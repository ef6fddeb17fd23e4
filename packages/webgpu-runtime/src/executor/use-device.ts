import { type Device, SurprisalError, setDefaultDevice } from '@surprisal/tensor'
import { registerBackend as registerWithTensor } from '@surprisal/tensor/backend'
import { createRuntime, type Runtime, type RuntimeOptions } from '../runtime.ts'
import { WebGpuBackend } from './backend.ts'

let current: Runtime | null = null
let warned = false

/**
 * Makes the device `'webgpu'` of `@surprisal/tensor` the one of a runtime. Tensors that another runtime has computed stay
 * with it; those made from data, and those of the CPU, move along when they are used.
 */
export function registerBackend(runtime: Runtime): void {
  registerWithTensor(new WebGpuBackend(runtime))
  current = runtime
}

/**
 * Sets the device of tensors that are made from now on. `'webgpu'` takes a device of the machine the first time, and
 * again when that was lost or options are given; where there is none, a warning is printed once and the CPU goes on.
 * @param options as for `createRuntime`
 * @throws {SurprisalError} `device` for another name
 */
export async function useDevice(device: Device, options?: RuntimeOptions): Promise<void> {
  if (device !== 'cpu' && device !== 'webgpu')
    throw new SurprisalError('device', `useDevice: device must be cpu or webgpu, got ${String(device)}`)
  if (device === 'cpu') return setDefaultDevice('cpu')
  if (options || !current || current.isLost) {
    const runtime = await createRuntime(options).catch(warn)
    if (!runtime) return setDefaultDevice('cpu')
    registerBackend(runtime)
  }
  setDefaultDevice('webgpu')
}

function warn(error: unknown): null {
  if (!(error instanceof SurprisalError) || error.code !== 'device') throw error
  if (!warned) console.warn(`${error.message}; the CPU computes instead`)
  warned = true
  return null
}
