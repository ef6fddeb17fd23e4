import { type Tensor, tensor, zeros } from '@surprisal/tensor'
import { nodeOf, trace } from '@surprisal/tensor/backend'
import { describe, expect, it } from 'vitest'
import { checkSizes } from './check-size.ts'
import { compilePlan } from './compile-plan.ts'

const plan = (x: Tensor) => compilePlan(trace([nodeOf(x, 'test')]), { limits: { maxStorageBuffersPerShaderStage: 8 } })
const limits = (most: number) => ({ maxBufferSize: 2 ** 32, maxStorageBufferBindingSize: most })

describe('a tensor that no kernel can be given', () => {
  it('is refused whether it is made or read', () => {
    const made = plan(zeros([40_000, 40_000]).add(1))
    expect(() => checkSizes(made, limits(2 ** 30))).toThrow(
      'webgpu: tensor [40000, 40000] of 6.0 GiB exceeds the device limit of 1.0 GiB',
    )
    const read = plan(tensor(new Float32Array(300)).sum())
    expect(() => checkSizes(read, limits(1024))).toThrow('webgpu: tensor [300] of 1.2 KiB exceeds')
  })

  it('is none that just fits', () => {
    expect(() => checkSizes(plan(zeros([256]).add(1)), limits(1024))).not.toThrow()
    expect(() => checkSizes(plan(zeros([257]).add(1)), limits(1024))).toThrow('exceeds the device limit of 1 KiB')
    expect(() => checkSizes(plan(zeros([257]).add(1)), { ...limits(2048), maxBufferSize: 1024 })).toThrow('exceeds')
  })
})
