import { describe, expect, it } from 'vitest'
import { stubGpu } from '../__fixtures__/stub-gpu.ts'
import { acquireDevice } from '../device/acquire.ts'
import { createStats } from '../device/stats.ts'
import { BufferPool } from './pool.ts'
import { StagingRing } from './staging.ts'

const usage = 140

async function pooled() {
  const stub = stubGpu()
  const { device } = await acquireDevice(stub)
  const stats = createStats()
  return { stub, stats, device, pool: new BufferPool(device, stats) }
}

describe('a pool', () => {
  it('uses a freed buffer again for the same class and usage', async () => {
    const { pool, stats } = await pooled()
    const a = pool.allocate(1000, usage, 'a')
    expect(pool.memory).toEqual({ live: 1024, pooled: 0, peak: 1024 })
    expect(pool.has(1000, usage)).toBe(false)
    a.free()
    a.free()
    expect(pool.memory).toEqual({ live: 0, pooled: 1024, peak: 1024 })
    expect(pool.has(1024, usage)).toBe(true)
    const b = pool.allocate(513, usage, 'b')
    expect(b.gpu).toBe(a.gpu)
    expect(pool.allocate(513, 64, 'c').gpu).not.toBe(a.gpu)
    expect(stats.buffersCreated).toBe(2)
  })

  it('fills a fresh buffer before anything else sees it', async () => {
    const { pool } = await pooled()
    const { gpu } = pool.allocate(8, usage, 'a', target => new Uint8Array(target).set([1, 2, 3]))
    expect([...new Uint8Array(gpu.getMappedRange()).subarray(0, 4)]).toEqual([1, 2, 3, 0])
  })

  it('destroys what is free', async () => {
    const { pool, stub } = await pooled()
    const kept = pool.allocate(10, usage, 'kept')
    pool.allocate(300, usage, 'freed').free()
    let told = 0
    pool.onTrim = () => {
      told += 1
    }
    pool.trim()
    expect([stub.destroyed, told]).toEqual([1, 1])
    expect(pool.memory).toEqual({ live: kept.capacity, pooled: 0, peak: 768 })
  })

  it('refuses more than the device allows', async () => {
    const { pool } = await pooled()
    expect(() => pool.allocate(3 * 2 ** 30, usage, 'tensor [1]')).toThrow(
      'webgpu: tensor [1] of 3.0 GiB exceeds the device limit of 128 MiB',
    )
  })

  it('destroys free buffers and tries again when there is no room', async () => {
    const { pool, stub } = await pooled()
    pool.allocate(300, usage, 'freed').free()
    await pool.settle()
    stub.failures = 1
    const buffer = pool.allocate(2 ** 20, usage, 'matmul')
    const before = buffer.gpu
    expect(pool.isSettled).toBe(false)
    await pool.settle()
    expect(pool.isSettled).toBe(true)
    expect(buffer.gpu).not.toBe(before)
    expect(stub.destroyed).toBe(1)
  })

  it('gives the memory of the second try to all who have had its place', async () => {
    const { pool, stub } = await pooled()
    stub.failures = 1
    const first = pool.allocate(5000, usage, 'first', target => new Uint8Array(target).fill(7))
    const before = first.gpu
    first.free()
    const second = pool.allocate(5000, usage, 'second')
    expect(second.gpu).toBe(before)
    await pool.settle()
    expect(second.gpu).not.toBe(before)
    expect(new Uint8Array(second.gpu.getMappedRange())[4999]).toBe(7)
  })

  it('leaves free buffers alone that commands to come still read', async () => {
    const { pool, stub } = await pooled()
    const [awaited, other] = [pool.allocate(300, usage, 'awaited'), pool.allocate(300, usage, 'other')]
    for (const buffer of [awaited, other]) buffer.free()
    pool.isAwaited = gpu => gpu === awaited.gpu
    pool.trim()
    expect([stub.destroyed, pool.memory.pooled]).toEqual([1, 512])
    expect(pool.allocate(300, usage, 'next').gpu).toBe(awaited.gpu)
    pool.isAwaited = () => false
    pool.trim()
    expect([stub.destroyed, pool.memory.pooled]).toEqual([1, 0])
  })

  it('gives nobody memory that was not to be had', async () => {
    const { pool, stub } = await pooled()
    stub.failures = 4
    const [freed, held] = [pool.allocate(5000, usage, 'freed'), pool.allocate(600, usage, 'held')]
    freed.free()
    expect(pool.memory.pooled).toBe(8192)
    await expect(pool.settle()).rejects.toThrow('webgpu: out of memory allocating 8 KiB for freed')
    held.free()
    expect(pool.memory).toMatchObject({ live: 0, pooled: 0 })
    expect(pool.isSettled).toBe(true)
    expect(pool.allocate(5000, usage, 'next').gpu).not.toBe(freed.gpu)
    await pool.settle()
  })

  it('says what it holds when there still is no room', async () => {
    const { pool, stub } = await pooled()
    stub.failures = 2
    pool.allocate(2 ** 20, usage, 'matmul [512, 512]')
    await expect(pool.settle()).rejects.toThrow(
      'webgpu: out of memory allocating 1 MiB for matmul [512, 512] (pooled 0 bytes, live 1 MiB)',
    )
    await pool.settle()
  })
})

describe('a ring of staging buffers', () => {
  it('gives back what it took in', async () => {
    const { device, stats, stub } = await pooled()
    const ring = new StagingRing(device, stats)
    const a = ring.take(100)
    const b = ring.take(100)
    expect(a).not.toBe(b)
    ring.give(a)
    ring.give(b)
    expect(ring.take(200)).toBe(b)
    expect(ring.take(300)).not.toBe(a)
    expect(stats.buffersCreated).toBe(3)
    ring.trim()
    expect(stub.destroyed).toBe(1)
  })
})
