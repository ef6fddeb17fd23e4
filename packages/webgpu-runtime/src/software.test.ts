import { afterEach, describe, expect, it } from 'vitest'
import { describeGpu } from './__fixtures__/gpu.ts'
import { gpuForTests } from './software.ts'

const { platform } = process
afterEach(() => {
  Object.defineProperty(process, 'platform', { value: platform })
})

describeGpu('gpuForTests', () => {
  it('gives an adapter again and again', async () => {
    const [first, second] = [await gpuForTests(), await gpuForTests()]
    expect(await first?.requestAdapter()).toBeTruthy()
    expect(await second?.requestAdapter()).toBeTruthy()
  })
})

describe('gpuForTests', () => {
  it.skipIf(process.env.SURPRISAL_GPU === 'native')('is null where SwiftShader does not run', async () => {
    Object.defineProperty(process, 'platform', { value: 'aix' })
    expect(await gpuForTests()).toBeNull()
  })
})
