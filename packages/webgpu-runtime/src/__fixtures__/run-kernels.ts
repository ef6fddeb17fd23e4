import type { DeviceBuffer } from '../buffers/pool.ts'
import { GroupRunner } from '../groups/group-runner.ts'
import type { Runtime } from '../runtime.ts'
import { type LoweredStep, nothing } from '../steps/lowered-step.ts'
import type { GroupKernel } from '../wgsl/group-kernel.ts'

/** Words of a float32 array. */
export const floats = (words: ArrayBuffer): number[] => [...new Float32Array(words)]
export const ints = (words: ArrayBuffer): number[] => [...new Int32Array(words)]

/**
 * Runs kernels over inputs and one result behind them.
 * @returns the bytes of the result
 */
export async function runKernels(
  runtime: Runtime,
  step: readonly GroupKernel[] | LoweredStep,
  inputs: readonly ArrayBufferView[],
  result: number | ArrayBufferView,
): Promise<ArrayBuffer> {
  const lowered = 'kernels' in step ? step : { ...nothing, kernels: step }
  const out = typeof result === 'number' ? runtime.alloc(result) : runtime.upload(result)
  const buffers: DeviceBuffer[] = [...inputs.map(input => runtime.upload(input)), out]
  new GroupRunner(runtime).runStep({ name: 'test', step: lowered, buffers, scalars: [] })
  const bytes = await runtime.read(out)
  for (const buffer of buffers) buffer.free()
  return bytes
}
