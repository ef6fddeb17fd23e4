import { tensor } from '@surprisal/tensor'
import { createStorage, nodeOf, releaseStorage, type Storage } from '@surprisal/tensor/backend'
import { expect, it } from 'vitest'
import { describeGpu, gpu } from '../__fixtures__/gpu.ts'
import { withRuntime } from '../__fixtures__/with-runtime.ts'
import { createRuntime } from '../runtime.ts'
import { DeviceBlock } from './device-block.ts'
import { leafBuffer } from './leaf-buffer.ts'

const storageOf = (data: number[]): Storage => nodeOf(tensor(data), 'test').storage as Storage

describeGpu('values in the memory of a device', () => {
  const runtime = withRuntime()
  const other = withRuntime()

  it('move there at their first use, and stay on the host as well', async () => {
    const storage = storageOf([1, 2, 3])
    const buffer = leafBuffer(runtime(), storage, 'test')
    expect(leafBuffer(runtime(), storage, 'test')).toBe(buffer)
    const block = storage.place as DeviceBlock
    expect(block).toBeInstanceOf(DeviceBlock)
    expect([block.read(), await block.load('float32', 3)]).toEqual([Float32Array.of(1, 2, 3), Float32Array.of(1, 2, 3)])
    expect(await runtime().read(buffer)).toEqual(Float32Array.of(1, 2, 3).buffer)
  })

  it('move on to another device from the host', async () => {
    const storage = storageOf([4, 5])
    const first = leafBuffer(runtime(), storage, 'test')
    const { live } = runtime().memory()
    const second = leafBuffer(other(), storage, 'test')
    expect(second).not.toBe(first)
    expect(runtime().memory().live).toBeLessThan(live)
    expect(await other().read(second)).toEqual(Float32Array.of(4, 5).buffer)
    expect((storage.place as DeviceBlock).host).toEqual(Float32Array.of(4, 5))
  })

  it('that were computed there are read by waiting only', async () => {
    const buffer = runtime().upload(Uint16Array.of(0x3c00, 0xc000))
    const block = new DeviceBlock(runtime(), buffer)
    expect(() => block.read()).toThrow('webgpu: values on the device cannot be read at once, use await data()')
    expect(await block.load('float16', 2)).toEqual(Float32Array.of(1, -2))
    const storage = createStorage('float16', 2, block)
    expect(() => leafBuffer(other(), storage, 'test')).toThrow('cannot be read at once')
  })

  it('are lost with their device unless the host has them', async () => {
    const gone = await createRuntime({ gpu: gpu as GPU })
    const computed = new DeviceBlock(gone, gone.upload(Float32Array.of(1)), { label: 'exp [1]' })
    const given = new DeviceBlock(gone, gone.upload(Float32Array.of(2)), { host: Float32Array.of(2) })
    gone.destroy()
    expect(() => computed.read()).toThrow('webgpu: tensor belongs to a lost device (exp [1])')
    await expect(computed.load('float32', 1)).rejects.toThrow('webgpu: tensor belongs to a lost device (exp [1])')
    expect([given.read(), await given.load('float32', 1)]).toEqual([Float32Array.of(2), Float32Array.of(2)])
    for (const block of [computed, given]) block.free()
  })

  it('go back to the pool with their storage, and are not read afterwards', () => {
    const storage = storageOf([6])
    leafBuffer(runtime(), storage, 'test')
    const { live } = runtime().memory()
    releaseStorage(storage)
    expect(runtime().memory().live).toBe(live - 256)
    expect(() => leafBuffer(runtime(), storage, 'add')).toThrow('add: needs a tensor that has been disposed of')
  })

  it('make themselves felt to the collector when the pool had no room', () => {
    const fresh = runtime().alloc(3_000_000)
    const first = new DeviceBlock(runtime(), fresh)
    expect(first.weight?.byteLength).toBe(3_000_000)
    first.free()
    expect(new DeviceBlock(runtime(), runtime().alloc(3_000_000)).weight).toBeNull()
    expect(new DeviceBlock(runtime(), runtime().alloc(16)).weight).toBeNull()
  })
})
