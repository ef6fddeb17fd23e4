import { afterEach, expect, it, vi } from 'vitest'
import { describeGpu, gpu } from '../../__fixtures__/gpu.ts'
import { stubGpu } from '../../__fixtures__/stub-gpu.ts'
import { useDevice } from '../../executor/use-device.ts'
import { createRuntime } from '../../runtime.ts'
import { stepOptionsOf } from '../step-options.ts'
import { tune, tunedTile } from './tune.ts'

afterEach(() => vi.unstubAllGlobals())

const unknownRuntime = (device: string) => createRuntime({ gpu: stubGpu({ info: { vendor: 'nvidia', device } }).gpu })

/** A page with its storage. */
function stubPage(stored: Record<string, string>): void {
  vi.stubGlobal('document', {})
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => stored[key] ?? null,
    setItem: (key: string, value: string) => {
      stored[key] = value
    },
  })
}

describeGpu('the measured search', () => {
  it('asks an adapter once, and plans go by the answer', async () => {
    const stored: Record<string, string> = {}
    stubPage(stored)
    const runtime = await createRuntime({ gpu: gpu as GPU })
    expect(tunedTile(runtime.info)).toBeUndefined()
    expect(stepOptionsOf(runtime).tile).toBeUndefined()

    const tile = await tune(runtime, { size: 64 })
    expect([32, 64]).toContain(tile)
    // Two candidates, each once to compile it and in three rounds of four.
    const { dispatches } = runtime.stats()
    expect(dispatches).toBe(2 * (1 + 3 * 4))
    expect(runtime.memory().live).toBe(0)
    expect(stepOptionsOf(runtime).tile).toBe(tile)
    expect(Object.values(stored)).toEqual([String(tile)])

    expect(await tune(runtime, { size: 64 })).toBe(tile)
    expect(runtime.stats().dispatches).toBe(dispatches)
    runtime.destroy()
  })
})

it('a page remembers what it has measured before', async () => {
  const runtime = await unknownRuntime('one')
  stubPage({ 'surprisal-webgpu-tile nvidia/arch/one/': '32' })
  expect(await tune(runtime)).toBe(32)
  expect(tunedTile(runtime.info)).toBe(32)
  expect(runtime.stats().dispatches).toBe(0)
})

it('the fastest wins', async () => {
  for (const [device, faster] of [
    ['two', 32],
    ['three', 64],
  ] as const) {
    const runtime = await unknownRuntime(device)
    let clock = 0
    vi.spyOn(performance, 'now').mockImplementation(() => clock)
    const kernel = vi.spyOn(runtime, 'kernel')
    kernel.mockImplementation(
      ({ name }) =>
        ({
          run: () => {
            clock += name === `tune ${faster}` ? 1 : 2
          },
          pipeline: { hasFailed: false } as never,
        }) as never,
    )
    expect(await tune(runtime)).toBe(faster)
    expect(kernel).toHaveBeenCalledTimes(2)
    vi.restoreAllMocks()
  }
})

it('a page that may not store anything, or stores something else, measures', async () => {
  vi.stubGlobal('document', {})
  vi.stubGlobal('localStorage', {
    getItem: () => '48',
    setItem: () => {
      throw new Error('denied')
    },
  })
  const runtime = await unknownRuntime('four')
  const kernel = vi.spyOn(runtime, 'kernel')
  kernel.mockImplementation(() => ({ run() {}, pipeline: { hasFailed: false } as never }) as never)
  expect([32, 64]).toContain(await tune(runtime))
  expect(kernel).toHaveBeenCalledTimes(2)
})

it('a device is asked when it is taken, where that is wanted', async () => {
  stubPage({ 'surprisal-webgpu-tile maker/arch/five/': '32', 'surprisal-webgpu-tile maker/arch/six/': '32' })
  for (const [device, options, wanted] of [
    ['five', { tune: true }, 32],
    ['six', {}, undefined],
  ] as const) {
    const { gpu } = stubGpu({ info: { device } })
    await useDevice('webgpu', { gpu, ...options })
    expect(tunedTile({ vendor: 'maker', architecture: 'arch', device, description: '' })).toBe(wanted)
  }
  await useDevice('cpu')
})
