import { afterAll, beforeAll } from 'vitest'
import { createRuntime, type Runtime, type RuntimeOptions } from '../runtime.ts'
import { gpu } from './gpu.ts'

/** A runtime for the tests of a `describeGpu`, made before them and destroyed behind them. */
export function withRuntime(options: RuntimeOptions = {}): () => Runtime {
  let runtime: Runtime
  beforeAll(async () => {
    runtime = await createRuntime({ gpu: gpu as GPU, ...options })
  })
  afterAll(() => runtime?.destroy())
  return () => runtime
}
