import { tensor } from '@surprisal/tensor'
import { expect, it } from 'vitest'
import { describeGpu } from './__fixtures__/gpu.ts'
import { stubGpu } from './__fixtures__/stub-gpu.ts'
import { gpuForTests, useForTests } from './software.ts'

describeGpu('a device for tests', () => {
  it('is a GPU that a processor plays unless the environment says otherwise', async () => {
    const found = await gpuForTests()
    const adapter = await found?.requestAdapter()
    const text = `${adapter?.info.description} ${adapter?.info.device}`
    expect(/swiftshader/i.test(text)).toBe(process.env.SURPRISAL_GPU !== 'native')
  })

  it('is the default one until it is ended', async () => {
    const end = await useForTests()
    const x = tensor([1, 2])
    expect([x.device, await x.add(1).data()]).toEqual(['webgpu', Float32Array.of(2, 3)])
    end()
    expect(tensor([1]).device).toBe('cpu')
    expect(await x.data()).toEqual(Float32Array.of(1, 2))
  })

  it('has the limits that are asked for', async () => {
    const { gpu, requests } = stubGpu()
    for (const options of [{}, { limits: 'minimum', features: [] }] as const) (await useForTests({ gpu, ...options }))()
    expect(requests[0].requiredLimits).toHaveProperty('maxBufferSize')
    expect(requests[1]).toMatchObject({ requiredLimits: {}, requiredFeatures: [] })
  })
})
