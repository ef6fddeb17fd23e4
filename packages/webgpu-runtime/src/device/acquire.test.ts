import { SurprisalError } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { describeGpu, gpu } from '../__fixtures__/gpu.ts'
import { stubGpu } from '../__fixtures__/stub-gpu.ts'
import { createRuntime } from '../runtime.ts'
import { acquireDevice, isSupported } from './acquire.ts'
import { describeDevice } from './describe.ts'

describe('acquireDevice', () => {
  it('asks for the most that the adapter has, and the features that are of use', async () => {
    const { gpu, requests } = stubGpu({ features: ['subgroups', 'depth-clip-control', 'timestamp-query'] })
    const acquired = await acquireDevice({ gpu })
    expect(requests[0].requiredFeatures).toEqual(['subgroups', 'timestamp-query'])
    expect(requests[0].requiredLimits).toMatchObject({ maxBufferSize: 2 ** 32, maxStorageBuffersPerShaderStage: 8 })
    expect([...acquired.features]).toEqual(['subgroups', 'timestamp-query'])
    expect(acquired.limits.maxBufferSize).toBe(2 ** 28)
  })

  it('knows the features of the shader language that are of use', async () => {
    const languageFeatures = ['packed_4x8_integer_dot_product', 'pointer_composite_access']
    const { gpu, requests } = stubGpu({ languageFeatures, features: languageFeatures })
    expect([...(await acquireDevice({ gpu })).languageFeatures]).toEqual(['packed_4x8_integer_dot_product'])
    expect((await acquireDevice({ gpu, features: ['subgroups'] })).languageFeatures.size).toBe(0)
    expect((await acquireDevice({ gpu, features: [languageFeatures[0]] })).languageFeatures.size).toBe(1)
    expect((await acquireDevice(stubGpu())).languageFeatures.size).toBe(0)
    expect(requests[1].requiredFeatures).toEqual([])
  })

  it('takes no more than every adapter has where that is asked for', async () => {
    const { gpu, requests } = stubGpu({ features: ['subgroups'] })
    const { features } = await acquireDevice({ gpu, limits: 'minimum', features: [], label: 'mine' })
    expect(requests).toEqual([{ label: 'mine', requiredFeatures: [], requiredLimits: {} }])
    expect(features.size).toBe(0)
  })

  it.each([
    [{ isFallbackAdapter: true }, true],
    [{ description: 'SwiftShader driver 5.0.0' }, true],
    [{ device: 'llvmpipe (LLVM 15)' }, true],
    [{ description: 'NVIDIA H100' }, false],
  ])('tells a processor from a GPU: %o', async (info, isSoftware) => {
    expect((await acquireDevice(stubGpu({ info }))).isSoftware).toBe(isSoftware)
  })

  it('says what is missing', async () => {
    const error = (message: string) => new SurprisalError('device', message)
    await expect(acquireDevice(stubGpu({ noAdapter: true }))).rejects.toEqual(error('webgpu: no adapter'))
    await expect(acquireDevice(stubGpu({ noDevice: true }))).rejects.toEqual(
      error('webgpu: the adapter gives no device: it is busy'),
    )
  })
})

describe('isSupported', () => {
  it('never rejects', async () => {
    expect(await isSupported(stubGpu().gpu)).toBe(true)
    expect(await isSupported(stubGpu({ noAdapter: true }).gpu)).toBe(false)
    const broken = { requestAdapter: () => Promise.reject(new Error('crash')) } as unknown as GPU
    expect(await isSupported(broken)).toBe(false)
  })
})

describeGpu('describeDevice', () => {
  it('is plain data', async () => {
    const runtime = await createRuntime({ gpu: gpu as GPU, features: ['subgroups'] })
    const description = describeDevice(runtime)
    expect(JSON.parse(JSON.stringify(description))).toEqual(description)
    expect(description.features).toEqual(['subgroups'])
    expect(description.languageFeatures).toEqual([])
    expect(description.limits.maxStorageBuffersPerShaderStage).toBeGreaterThanOrEqual(8)
    expect(typeof description.vendor).toBe('string')
    runtime.destroy()
  })

  it('names features of adapter and language apart', async () => {
    const runtime = await createRuntime({ gpu: gpu as GPU })
    const { features, languageFeatures } = describeDevice(runtime)
    expect(features).toContain('timestamp-query')
    expect(languageFeatures).toEqual(['packed_4x8_integer_dot_product'])
    runtime.destroy()
  })

  it('shows the least limits where they are forced', async () => {
    const runtime = await createRuntime({ gpu: gpu as GPU, limits: 'minimum' })
    expect(describeDevice(runtime).limits).toEqual({
      maxBufferSize: 268_435_456,
      maxStorageBufferBindingSize: 134_217_728,
      maxStorageBuffersPerShaderStage: 8,
      maxComputeWorkgroupStorageSize: 16_384,
      maxComputeInvocationsPerWorkgroup: 256,
      maxComputeWorkgroupSizeX: 256,
      maxComputeWorkgroupSizeY: 256,
      maxComputeWorkgroupsPerDimension: 65_535,
    })
    runtime.destroy()
  })
})
