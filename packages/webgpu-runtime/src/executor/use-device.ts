import { type Device, SurprisalError, setDefaultDevice } from '@surprisal/tensor'
import { registerBackend as registerWithTensor } from '@surprisal/tensor/backend'
import { createRuntime, type Runtime, type RuntimeOptions } from '../runtime.ts'
import { tune } from '../steps/contract/tune.ts'
import { WebGpuBackend } from './backend.ts'
import type { BackendOptions } from './engine.ts'

let current: WebGpuBackend | null = null
/** Options of {@link useDevice}. */
export interface DeviceOptions extends RuntimeOptions {
  /** Whether tiles of products are measured rather than looked up, see {@link tune}. @default false */
  readonly tune?: boolean
}

/** Of the last device that was to be had. */
let known: DeviceOptions | undefined
let warned = false

/**
 * Makes the device `'webgpu'` of `@surprisal/tensor` the one of a runtime. Tensors that another runtime has computed stay
 * with it; those made from data, and those of the CPU, move along when they are used. When it is lost, reads throw until
 * another one is registered.
 * @param options `fusion: false` gives every primitive a kernel of its own, to see what fusion is worth
 */
export function registerBackend(runtime: Runtime, options?: BackendOptions): void {
  register(new WebGpuBackend(runtime, null, options))
}

function register(backend: WebGpuBackend): void {
  registerWithTensor(backend)
  current = backend
  warned = false
}

/**
 * Sets the device of tensors that are made from now on. `'webgpu'` takes a device of the machine the first time, and
 * again when that was lost or options are given; where there is none, a warning is printed once and the CPU goes on.
 * A device that is lost is taken again by the next read as well; where there is none any more, the CPU computes in its
 * place, with the same warning.
 * @param options as for `createRuntime`; default those of the last device
 * @throws {SurprisalError} `device` for another name
 */
export async function useDevice(device: Device, options?: DeviceOptions): Promise<void> {
  if (device !== 'cpu' && device !== 'webgpu')
    throw new SurprisalError('device', `useDevice: device must be cpu or webgpu, got ${String(device)}`)
  if (device === 'cpu') return setDefaultDevice('cpu')
  if (options || !current || current.runtime.isLost) {
    const chosen = options ?? known
    const take = async (): Promise<Runtime | null> => {
      const runtime = await createRuntime(chosen).catch(warn)
      if (runtime) warned = false
      if (runtime && chosen?.tune) await tune(runtime)
      return runtime
    }
    const runtime = await take()
    if (!runtime) return setDefaultDevice('cpu')
    known = chosen
    register(new WebGpuBackend(runtime, take))
  }
  setDefaultDevice('webgpu')
}

function warn(error: unknown): null {
  if (!(error instanceof SurprisalError) || error.code !== 'device') throw error
  if (!warned) console.warn(`${error.message}; the CPU computes instead`)
  warned = true
  return null
}
