import { describe } from 'vitest'
import { gpuForTests } from '../software.ts'

/** It is kept, as devices do not keep it alive. */
export const gpu: GPU | null = await gpuForTests()

if (!gpu) console.warn(`webgpu: tests are skipped, as there is no adapter on ${process.platform} ${process.arch}`)

/** `describe` where there is an adapter. */
export const describeGpu = describe.skipIf(!gpu)
