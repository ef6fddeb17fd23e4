import { SurprisalError } from '@surprisal/tensor'
import { bytesText } from '../buffers/bytes-text.ts'
import type { ComputeLimits } from '../device/limits.ts'
import { bytesOf, type Plan } from './compile-plan.ts'

/** What a device allows a buffer. */
export type SizeLimits = Pick<ComputeLimits, 'maxBufferSize' | 'maxStorageBufferBindingSize'>

/**
 * Refuses a plan with a tensor that no kernel can be given.
 * @throws {SurprisalError} `memory`
 */
export function checkSizes({ source, leaves, steps }: Plan, limits: SizeLimits): void {
  const most = Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize)
  const { values } = source
  for (const value of [...leaves, ...steps.flatMap(({ makes }) => makes)]) {
    const bytes = bytesOf(values[value])
    if (bytes <= most) continue
    const shape = `[${values[value].node.shape.join(', ')}]`
    throw new SurprisalError(
      'memory',
      `webgpu: tensor ${shape} of ${bytesText(bytes)} exceeds the device limit of ${bytesText(most)}`,
    )
  }
}
