import { SurprisalError } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { stubGpu } from '../__fixtures__/stub-gpu.ts'
import { acquireDevice } from './acquire.ts'
import { DeviceWatch, errorFrom } from './watch.ts'

const watched = async () => {
  const stub = stubGpu()
  const { device } = await acquireDevice(stub)
  return { stub, watch: new DeviceWatch(device) }
}

describe('a watch', () => {
  it('tells what was reported once, the first of several', async () => {
    const { watch } = await watched()
    watch.check()
    watch.report(new SurprisalError('device', 'saxpy: a'))
    watch.report(new SurprisalError('device', 'saxpy: b'))
    expect(() => watch.check()).toThrow('saxpy: a')
    watch.check()
  })

  it('ends waiting when the device is lost', async () => {
    const { stub, watch } = await watched()
    const waiting = watch.orLost(new Promise(() => {}))
    stub.lose('driver crashed')
    await expect(waiting).rejects.toEqual(new SurprisalError('device', 'webgpu: device lost (unknown: driver crashed)'))
    expect(() => watch.check()).toThrow('webgpu: device lost (unknown: driver crashed)')
  })

  it('blames the loss for what fails on its way', async () => {
    const { stub, watch } = await watched()
    const waiting = watch.orLost(Promise.reject(new Error('aborted')))
    await Promise.resolve()
    stub.lose('gone')
    await expect(waiting).rejects.toThrow('webgpu: device lost (unknown: gone)')
  })

  it('finds the kernel that the browser complains about', async () => {
    const { stub, watch } = await watched()
    stub.complain('[Buffer "x"] is too small for [ComputePipeline "add mul [2]"].')
    expect(() => watch.check()).toThrow('add mul [2]: [Buffer "x"] is too small for [ComputePipeline "add mul [2]"].')
    stub.complain('something else')
    expect(() => watch.check()).toThrow('webgpu: something else')
  })

  it('passes on results and errors', async () => {
    const { watch } = await watched()
    expect(await watch.orLost(Promise.resolve(3))).toBe(3)
    await expect(watch.orLost(Promise.reject(new Error('x')))).rejects.toThrow('x')
    watch.end('destroyed')
    await expect(watch.orLost(Promise.reject(new Error('x')))).rejects.toThrow('webgpu: device lost (destroyed)')
  })
})

it('errors of the browser get a name and a code', () => {
  class GPUOutOfMemoryError extends Error {}
  expect(errorFrom(new GPUOutOfMemoryError(' no room\n'), 'matmul')).toEqual(
    new SurprisalError('memory', 'matmul: no room'),
  )
  expect(errorFrom(new Error('bad'), 'saxpy')).toEqual(new SurprisalError('device', 'saxpy: bad'))
})
