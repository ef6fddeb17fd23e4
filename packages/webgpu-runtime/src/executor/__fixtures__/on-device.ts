import { setDefaultDevice } from '@surprisal/tensor'
import { afterAll, beforeAll } from 'vitest'
import { gpu } from '../../__fixtures__/gpu.ts'
import { createRuntime, type Runtime, type RuntimeOptions } from '../../runtime.ts'
import { registerBackend } from '../use-device.ts'

/** Makes the device of a runtime the default one for the tests of a `describeGpu`. */
export function onDevice(options: RuntimeOptions = {}): () => Runtime {
  let runtime: Runtime
  beforeAll(async () => {
    runtime = await createRuntime({ gpu: gpu as GPU, ...options })
    registerBackend(runtime)
    setDefaultDevice('webgpu')
  })
  afterAll(() => {
    setDefaultDevice('cpu')
    runtime?.destroy()
  })
  return () => runtime
}
