import { expect, it } from 'vitest'
import { stubGpu } from '../__fixtures__/stub-gpu.ts'
import { createRuntime } from '../runtime.ts'
import { sharingOf } from './lowered-step.ts'
import { stepOptionsOf } from './step-options.ts'

const optionsOf = async (info: Partial<GPUAdapterInfo>, features?: readonly string[]) => {
  const { gpu } = stubGpu({ info, features: ['subgroups'], languageFeatures: ['packed_4x8_integer_dot_product'] })
  return stepOptionsOf(await createRuntime({ gpu, ...(features ? { features } : {}) }))
}

it('kernels may use the features of the device and of the shader language', async () => {
  const { features, limits } = await optionsOf({})
  expect([...(features ?? [])]).toEqual(['subgroups', 'packed_4x8_integer_dot_product'])
  expect(limits.maxStorageBuffersPerShaderStage).toBe(8)
  expect((await optionsOf({}, [])).features?.size).toBe(0)
})

it('their tiles go by the maker of the adapter', async () => {
  expect((await optionsOf({ vendor: 'apple' })).adapter).toBe('apple')
  expect((await optionsOf({ vendor: 'google', isFallbackAdapter: true })).adapter).toBe('software')
})

it('what is reduced is shared by subgroups where there are some, and by none where barriers cost most', async () => {
  expect(sharingOf(await optionsOf({}))).toEqual({ subgroups: true, alone: false })
  expect(sharingOf(await optionsOf({}, []))).toEqual({ subgroups: false, alone: false })
  expect(sharingOf(await optionsOf({ isFallbackAdapter: true })).alone).toBe(true)
})
