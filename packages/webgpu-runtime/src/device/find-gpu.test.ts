import { afterEach, describe, expect, it, vi } from 'vitest'
import { stubGpu } from '../__fixtures__/stub-gpu.ts'
import { findGpu } from './find-gpu.ts'

describe('findGpu', () => {
  afterEach(() => vi.unstubAllGlobals())

  it('takes what it is given, then what the page has', async () => {
    const [given, own] = [stubGpu().gpu, stubGpu().gpu]
    vi.stubGlobal('navigator', { gpu: own })
    expect(await findGpu(given)).toBe(given)
    expect(await findGpu()).toBe(own)
  })

  it('says how to come by one', async () => {
    vi.stubGlobal('navigator', {})
    vi.stubGlobal('process', undefined)
    await expect(findGpu()).rejects.toThrow('webgpu: no GPU object (pass {gpu} or run where navigator.gpu exists)')
  })
})
