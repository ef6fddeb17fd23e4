import { type Device, normal, randomKey, realize, setDefaultDevice, tensor } from '@surprisal/tensor'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { describeGpu, gpu } from '../__fixtures__/gpu.ts'
import { stubGpu } from '../__fixtures__/stub-gpu.ts'
import { createRuntime, type Runtime } from '../runtime.ts'
import { registerBackend, useDevice } from './use-device.ts'

beforeEach(() => vi.resetModules())
afterEach(() => {
  setDefaultDevice('cpu')
  vi.restoreAllMocks()
})

describe('useDevice', () => {
  it('knows two devices', async () => {
    await expect(useDevice('tpu' as Device)).rejects.toThrow('useDevice: device must be cpu or webgpu, got tpu')
    await useDevice('cpu')
    expect(tensor([1]).device).toBe('cpu')
  })

  it('warns once where there is no device, and the CPU goes on', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const none = stubGpu({ noAdapter: true })
    await useDevice('webgpu', none)
    await useDevice('webgpu', none)
    expect(warn.mock.calls).toEqual([['webgpu: no adapter; the CPU computes instead']])
    expect(tensor([1, 2]).sum().itemSync()).toBe(3)
  })

  it.each([
    ['no GPU object (pass {gpu} or run where navigator.gpu exists)', undefined],
    ['the adapter gives no device: it is busy', stubGpu({ noDevice: true }).gpu],
  ])('warns of: %s', async (what, gpu) => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const { useDevice: use } = await import('./use-device.ts')
    vi.stubGlobal('navigator', {})
    vi.stubGlobal('process', undefined)
    try {
      for (let i = 0; i < 2; i++) await use('webgpu', { gpu })
      await expect(createRuntime({ gpu })).rejects.toThrow(`webgpu: ${what}`)
    } finally {
      vi.unstubAllGlobals()
    }
    expect(warn.mock.calls).toEqual([[`webgpu: ${what}; the CPU computes instead`]])
    expect(tensor([1, 2]).sum().itemSync()).toBe(3)
  })

  it('does not hide other errors', async () => {
    const broken = { requestAdapter: () => Promise.reject(new TypeError('crash')) } as unknown as GPU
    await expect(useDevice('webgpu', { gpu: broken })).rejects.toThrow(new TypeError('crash'))
  })
})

describeGpu('a device in use', () => {
  const use = async (): Promise<Runtime> => {
    const runtime = await createRuntime({ gpu: gpu as GPU })
    registerBackend(runtime)
    await useDevice('webgpu')
    return runtime
  }

  it('is taken again when nothing else is asked for', async () => {
    const runtime = await use()
    await useDevice('cpu')
    await useDevice('webgpu')
    const { dispatches } = runtime.stats()
    expect(await tensor([1, 2]).mul(2).data()).toEqual(Float32Array.of(2, 4))
    expect(runtime.stats().dispatches).toBe(dispatches + 1)
    runtime.destroy()
  })

  it('gives every primitive a kernel where fusion is off, with the same results', async () => {
    const runtime = await createRuntime({ gpu: gpu as GPU })
    registerBackend(runtime, { fusion: false })
    await useDevice('webgpu')
    const { dispatches } = runtime.stats()
    expect(await tensor([1, 2]).mul(2).add(1).neg().data()).toEqual(Float32Array.of(-3, -5))
    expect(runtime.stats().dispatches).toBe(dispatches + 3)
    runtime.destroy()
  })

  it('loses what it has computed, and not what was given to it', async () => {
    const first = await use()
    const given = tensor([1, 2])
    const computed = given.mul(2)
    await realize(computed)
    const unread = computed.add(1)
    first.destroy()
    await expect(computed.data()).rejects.toThrow('webgpu: tensor belongs to a lost device')
    await expect(unread.data()).rejects.toThrow('webgpu: device lost (destroyed)')
    const second = await use()
    expect(await given.mul(3).data()).toEqual(Float32Array.of(3, 6))
    await expect(unread.data()).rejects.toThrow('webgpu: tensor belongs to a lost device')
    second.destroy()
    expect(await given.data()).toEqual(Float32Array.of(1, 2))
  })

  it('rejects reads that are under way when it is lost', async () => {
    const runtime = await use()
    const reading = normal(randomKey(3), [100]).exp().data()
    runtime.destroy()
    await expect(reading).rejects.toThrow('webgpu: device lost (destroyed)')
  })
})
