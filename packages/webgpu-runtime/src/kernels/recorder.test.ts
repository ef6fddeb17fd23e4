import { describe, expect, it } from 'vitest'
import { type StubOptions, stubGpu } from '../__fixtures__/stub-gpu.ts'
import { BufferPool } from '../buffers/pool.ts'
import { acquireDevice } from '../device/acquire.ts'
import { storageUsage } from '../device/gpu-constants.ts'
import { createStats } from '../device/stats.ts'
import { DeviceWatch } from '../device/watch.ts'
import { buffersOf } from './commands.ts'
import { CommandEncoder } from './encoder.ts'
import { copyOf } from './kernel.ts'
import { Recorder } from './recorder.ts'

async function recording(options: StubOptions = {}) {
  const stub = stubGpu(options)
  const { device } = await acquireDevice(stub)
  const stats = createStats()
  const pool = new BufferPool(device, stats)
  const watch = new DeviceWatch(device)
  const recorder = new Recorder(device, new CommandEncoder(device, pool, stats), pool, watch, false)
  const buffer = (label = 'buffer') => pool.allocate(64, storageUsage, label)
  return { stub, stats, pool, watch, recorder, buffer }
}

describe('a recorder', () => {
  it('waits for fresh buffers, then submits at once', async () => {
    const { stats, recorder, buffer } = await recording()
    const target = buffer()
    recorder.record({ kind: 'clear', buffer: target })
    recorder.flush()
    expect([stats.submissions, recorder.isIdle]).toEqual([0, false])
    await recorder.submitted()
    expect([stats.submissions, recorder.isIdle]).toEqual([1, true])
    recorder.record({ kind: 'clear', buffer: target })
    expect(recorder.isIdle).toBe(false)
    recorder.flush()
    recorder.flush()
    expect([stats.submissions, recorder.isIdle]).toEqual([2, true])
  })

  it('reports that there was no memory, drops what needs it, and goes on', async () => {
    const { stub, stats, watch, recorder, buffer } = await recording()
    stub.failures = 2
    recorder.record({ kind: 'clear', buffer: buffer('softmax [9]') })
    await recorder.submitted()
    expect(stats.submissions).toBe(0)
    expect(() => watch.check()).toThrow(
      'webgpu: out of memory allocating 256 bytes for softmax [9] (pooled 0 bytes, live 256 bytes)',
    )
    recorder.record({ kind: 'clear', buffer: buffer() })
    await recorder.submitted()
    watch.check()
    expect(stats.submissions).toBe(1)
  })

  it('keeps the buffers of commands that wait when memory is given back', async () => {
    const { stub, pool, recorder, buffer } = await recording()
    const [early, late, unused] = [buffer(), buffer(), buffer()]
    recorder.record({ kind: 'clear', buffer: early })
    recorder.flush()
    recorder.record({ kind: 'clear', buffer: late })
    for (const each of [early, late, unused]) each.free()
    pool.trim()
    expect(stub.destroyed).toBe(1)
    await recorder.submitted()
    pool.trim()
    expect(stub.destroyed).toBe(3)
  })

  it('does not hang when the device is lost while buffers are made', async () => {
    const { stub, watch, recorder, buffer } = await recording({ answers: false })
    recorder.record({ kind: 'clear', buffer: buffer() })
    const submitted = recorder.submitted()
    stub.lose('gone')
    await submitted
    expect(() => watch.check()).toThrow('webgpu: device lost (unknown: gone)')
  })

  it('does not hang when the device is lost while it waits', async () => {
    const { stub, watch, recorder, buffer } = await recording()
    recorder.record({ kind: 'clear', buffer: buffer() })
    stub.lose('gone')
    await recorder.submitted()
    await expect(watch.orLost(new Promise(() => {}))).rejects.toThrow('webgpu: device lost (unknown: gone)')
  })

  it('submits twice only where the host writes what a command before has used', async () => {
    const { stats, recorder, buffer } = await recording()
    const [a, b] = [buffer(), buffer()]
    const data = new Uint8Array(4)
    recorder.record({ kind: 'clear', buffer: a })
    recorder.record({ kind: 'write', buffer: b, data })
    await recorder.submitted()
    expect(stats.submissions).toBe(1)
    recorder.record({ kind: 'clear', buffer: a })
    recorder.record({ kind: 'write', buffer: a, data })
    recorder.record({ kind: 'copy', from: a, fromOffset: 0, to: b, toOffset: 0, bytes: 4 })
    await recorder.submitted()
    expect(stats.submissions).toBe(3)
    recorder.record({ kind: 'write', buffer: a, data })
    await recorder.submitted()
    expect(stats.submissions).toBe(3)
  })
})

describe('commands', () => {
  it('know their buffers', async () => {
    const { buffer } = await recording()
    const [from, to] = [buffer(), buffer()]
    expect(buffersOf({ kind: 'copy', from, fromOffset: 0, to, toOffset: 0, bytes: 4 })).toEqual([from, to])
    expect(buffersOf({ kind: 'clear', buffer: to })).toEqual([to])
  })

  it('hold copies of bytes, in whole words', () => {
    const shared = new Uint8Array(new SharedArrayBuffer(8), 1, 5).fill(7)
    const copy = copyOf(shared)
    shared.fill(0)
    expect([...copy]).toEqual([7, 7, 7, 7, 7, 0, 0, 0])
    expect(copyOf(null as unknown as Uint8Array)).toBeNull()
  })
})
