import { memory } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { type Agreement, type Contestant, compare, type Sample } from './compare.ts'
import { works } from './work.ts'

const cpu = (dispatches: () => number | null = () => null): Contestant => ({
  device: 'cpu',
  idle: async () => {},
  dispatches,
})

async function collect(contestants: readonly Contestant[], rounds: number, stopAfter = Number.POSITIVE_INFINITY) {
  const samples: Sample[] = []
  const agreements: Agreement[] = []
  await compare(works.matmul, 64, contestants, {
    rounds,
    onAgreement: agreement => agreements.push(agreement),
    onSample: sample => samples.push(sample),
    isStopped: () => samples.length >= stopAfter,
  })
  return { samples, agreements }
}

describe('compare', () => {
  it('takes samples of each in turn, after it has compared the results', async () => {
    const { samples, agreements } = await collect([cpu(), cpu()], 3)
    expect(samples.length).toBe(6)
    for (const { milliseconds } of samples) expect(milliseconds).toBeGreaterThan(0)
    expect(agreements.length).toBe(1)
    expect(agreements[0].difference).toBe(0)
    expect(agreements[0].largest).toBeGreaterThan(10)
  })

  it('has nothing to compare with one device', async () => {
    const { agreements } = await collect([cpu()], 1)
    expect(agreements[0].difference).toBeNull()
    expect(agreements[0].dispatches).toEqual({ cpu: null })
  })

  it('counts the kernels of one run', async () => {
    let count = 0
    const { agreements } = await collect([cpu(() => (count += 2))], 1)
    expect(agreements[0].dispatches).toEqual({ cpu: 2 })
  })

  it('ends where it is asked to', async () => {
    expect((await collect([cpu(), cpu()], 50, 3)).samples.length).toBe(3)
  })

  it('waits for the device before it stops the clock', async () => {
    const slow: Contestant = { ...cpu(), idle: () => new Promise(resolve => setTimeout(resolve, 20)) }
    const { samples } = await collect([slow], 1)
    expect(samples[0].milliseconds).toBeGreaterThan(5)
  })

  it('keeps no result of a run', async () => {
    const kept = async (rounds: number): Promise<number> => {
      const before = memory('cpu').live
      await collect([cpu()], rounds)
      return memory('cpu').live - before
    }
    expect(await kept(20)).toBe(await kept(1))
  })

  it('passes on what goes wrong', async () => {
    const broken: Contestant = { ...cpu(), idle: () => Promise.reject(new Error('webgpu: device lost')) }
    await expect(collect([broken], 1)).rejects.toThrow('webgpu: device lost')
  })
})
