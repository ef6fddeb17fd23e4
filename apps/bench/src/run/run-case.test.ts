import { describe, expect, it } from 'vitest'
import type { BenchCase } from '../case/bench-case.ts'
import type { Adapter } from '../gpu/adapter.ts'
import { type FakeBehaviour, fakeParticipant } from './fake-participant-for-tests.ts'
import { runCase } from './run-case.ts'

const machine = { gigabytes: 50, gflops: 100, fused: true }
const benchCase: BenchCase = {
  case: 'thing',
  inputs: { x: { shape: [1] } },
  ours: ({ x }) => x,
  peers: { tfjs: ({ x }) => x, torch: 'x' },
  targets: { tfjs: 2, torch: 1 },
  work: { flops: 2e6 },
}

async function run(
  behaviours: Record<string, FakeBehaviour>,
  fields: Partial<BenchCase> = {},
  idle = 8,
  threads?: number,
) {
  const log: string[] = []
  const result = await runCase({ id: 'tensor/thing', file: '', benchCase: { ...benchCase, ...fields } }, machine, {
    rounds: 2,
    threads,
    start: (_, name) => fakeParticipant(name, behaviours[name], log),
    idle: async () => idle,
  })
  return { result, log }
}

describe('runCase', () => {
  it('measures everybody and compares with ours', async () => {
    const ours = { ms: 2, bytes: { base: 1, held: 2, peak: 3 } }
    const { result } = await run({ ours, tfjs: { ms: 6 }, torch: { ms: 1 } })
    expect(result).toMatchObject({
      case: 'tensor/thing',
      threads: 1,
      ratios: { tfjs: 3, torch: 0.5 },
      gflops: 1,
      peakBytes: 3,
    })
    expect(result.participants.ours).toMatchObject({ version: 'ours 1.0', firstMs: 20, times: { minimum: 2, runs: 4 } })
    expect(result.checks.map(check => check.met)).toEqual([true, false])
  })

  it('names participants in the order of the case, failed ones too', async () => {
    const { result } = await run({ tfjs: { failsToStart: 'no backend' } })
    expect(Object.keys(result.participants)).toEqual(['ours', 'tfjs', 'torch'])
    expect(result.participants.tfjs).toEqual({ version: undefined, problem: 'no backend' })
    expect(result.ratios).toEqual({ torch: 1 })
  })

  it('does not time a peer with other results', async () => {
    const { result } = await run({ tfjs: { results: [1, 2, 4] } })
    expect(result.participants.tfjs).toEqual({
      version: 'tfjs 1.0',
      problem: 'other results than ours: element 2 of result 0 is 4 and not 3',
    })
  })

  it('times a variant that need not agree', async () => {
    const { result } = await run({ other: { results: [9] } }, { variants: { other: { compared: false } } })
    expect(result.ratios.other).toBe(1)
  })

  it('asks no peer when our own side fails', async () => {
    const { result, log } = await run({ ours: { failsToStart: 'broken' } })
    expect(result.participants).toEqual({ ours: { version: undefined, problem: 'broken' } })
    expect(log).not.toContain('tfjs starts')
    expect(result.peakBytes).toBe(null)
  })

  it('keeps the reason of a failure while measuring', async () => {
    const { result } = await run({ torch: { failsInRound: 1 } })
    expect(result.participants.torch).toEqual({ version: 'torch 1.0', firstMs: 10, problem: 'torch broke' })
  })

  it('stops all participants in the end', async () => {
    const { log } = await run({ tfjs: { failsToStart: 'no' } })
    expect(log).toEqual(expect.arrayContaining(['ours stops', 'tfjs stops', 'torch stops']))
  })

  it('skips what the library cannot do yet', async () => {
    const { result, log } = await run({}, { requires: ['add', 'flyToTheMoon'] })
    expect(result.skipped).toBe('@surprisal/tensor has no flyToTheMoon yet')
    expect(log).toEqual([])
  })

  it('skips several threads where others use the cores', async () => {
    const busy = await run({}, { threads: 2 }, 1.25)
    expect(busy.result.skipped).toBe('2 threads need as many idle cores, there are 1.3')
    const quiet = await run({}, { threads: 2 }, 1.9)
    expect(quiet.result).toMatchObject({ threads: 2, ratios: { tfjs: 1 } })
  })

  const counts = { dispatches: 5, submissions: 1, pipelines: 0, buffers: 0 }
  const onGpu = async (adapter: Adapter | null, starts: boolean[] = []) =>
    runCase(
      { id: 'gpu/thing', file: '', benchCase: { ...benchCase, device: 'webgpu' } },
      { ...machine, adapter },
      {
        rounds: 8,
        start: (_, name, _threads, isSoftware) => {
          starts.push(isSoftware)
          return fakeParticipant(name, { counts })
        },
      },
    )

  it('skips cases of a GPU where there is none', async () => {
    expect(await onGpu(null)).toMatchObject({ skipped: 'there is no GPU adapter', participants: {} })
  })

  it('counts what is asked of a GPU, and gives parts of its limits', async () => {
    const adapter = { name: 'fast', isSoftware: false, copyGBs: 100, fmaGflops: 20 }
    const { participants, ofAdapter, targets } = await onGpu(adapter)
    expect(participants.tfjs).toMatchObject({ counts, times: { runs: 16 } })
    expect(ofAdapter).toEqual({ gflops: 2 / 20, gigabytes: undefined })
    expect(targets).toEqual(benchCase.targets)
  })

  it('asks nothing of speed where a processor plays the GPU', async () => {
    const starts: boolean[] = []
    const result = await onGpu({ name: 'slow', isSoftware: true, copyGBs: 1, fmaGflops: 1 }, starts)
    expect(starts).toEqual([true, true, true])
    expect(result).toMatchObject({ targets: {}, checks: [], gflops: undefined })
    expect(result.participants.ours).toMatchObject({ counts, times: { runs: 4 } })
  })

  it('runs them all the same for who asks for threads', async () => {
    const { result } = await run({}, { threads: 2 }, 0, 3)
    expect(result).toMatchObject({ threads: 3, ratios: { tfjs: 1 } })
  })
})
