import { describe, expect, it } from 'vitest'
import type { BenchCase } from '../case/bench-case.ts'
import { checksOf, type Measured } from './checks.ts'

const machine = { gigabytes: 50, gflops: 100, fused: true }
const benchCase = (fields: Partial<BenchCase>): BenchCase => ({
  case: 'x',
  inputs: { x: { shape: [1] } },
  ours: ({ x }) => x,
  ...fields,
})
const bytes = (base: number, held: number, peak: number) => ({ bytes: { base, held, peak } })
const measured = (fields: Partial<Measured>): Measured => ({ participants: {}, ratios: {}, ...fields })

describe('checksOf', () => {
  it('compares ratios with targets', () => {
    const one = benchCase({ targets: { tfjs: 2, ort: 3 } })
    expect(checksOf(one, measured({ ratios: { tfjs: 2, ort: 2.9 } }), machine)).toEqual([
      { what: 'ratio to tfjs', reached: 2, bound: 2, atLeast: true, met: true },
      { what: 'ratio to ort', reached: 2.9, bound: 3, atLeast: true, met: false },
    ])
  })

  it('does not blame us for a peer that fails', () => {
    const one = benchCase({ targets: { tfjs: 2 } })
    const [check] = checksOf(one, measured({ participants: { tfjs: { problem: 'no kernel' } } }), machine)
    expect(check).toMatchObject({ reached: null, met: true, note: 'no kernel' })
  })

  it('lowers bounds on speed, not on memory, by the slack', () => {
    const one = benchCase({ targets: { tfjs: 2 }, limits: { extraBytes: 100 } })
    const checks = checksOf(one, measured({ ratios: { tfjs: 1.5 } }), machine, 0.67)
    expect(checks.map(check => check.bound)).toEqual([1.34, 100])
    expect(checks[0].met).toBe(true)
  })

  it('takes parts of what the machine does', () => {
    const one = benchCase({ limits: { compute: 0.75, stream: 0.6 }, work: { flops: 1, bytes: 1 } })
    const checks = checksOf(one, measured({ gflops: 80, gigabytes: 25 }), machine)
    expect(checks.map(({ reached, met }) => ({ reached, met }))).toEqual([
      { reached: 0.8, met: true },
      { reached: 0.5, met: false },
    ])
  })

  it('bounds the bytes beside the inputs', () => {
    const one = benchCase({ limits: { extraBytes: 40 } })
    const check = (peak: number) => checksOf(one, measured({ participants: { ours: bytes(60, 60, peak) } }), machine)[0]
    expect(check(100)).toMatchObject({ reached: 40, met: true, atLeast: false })
    expect(check(101)).toMatchObject({ reached: 41, met: false })
  })

  it('bounds temporary bytes by those of a variant, results of neither counted', () => {
    const one = benchCase({ limits: { temporaryBytesOf: { variant: 'plain', atMost: 0.15 } } })
    const participants = { ours: bytes(10, 50, 60), plain: bytes(10, 10, 150) }
    expect(checksOf(one, measured({ participants }), machine)[0]).toMatchObject({ reached: 0.1, met: true })
  })

  it('takes parts of what the adapter does on a GPU', () => {
    const adapter = { name: 'gpu', isSoftware: false, copyGBs: 1000, fmaGflops: 10_000 }
    const one = benchCase({ device: 'webgpu', limits: { compute: 0.5 }, work: { flops: 1 } })
    const [check] = checksOf(one, measured({ gflops: 4000 }), { ...machine, adapter })
    expect(check).toMatchObject({ reached: 0.4, met: false })
    expect(checksOf(one, measured({ gflops: 4000 }), machine)[0]).toMatchObject({ reached: null, met: true })
  })

  it('bounds what an evaluation asks of a GPU, and compares dispatches', () => {
    const limits = { counts: { dispatches: 100, buffers: 0 }, dispatchesOf: { apart: 3, tfjs: 2, gone: 1 } }
    const counts = (dispatches: number, buffers = 0) => ({
      counts: { dispatches, buffers, submissions: 1, pipelines: 0 },
    })
    const participants = { ours: counts(90, 1), apart: counts(270), tfjs: counts(120), gone: { problem: 'no gather' } }
    const checks = checksOf(benchCase({ device: 'webgpu', limits }), measured({ participants }), machine)
    expect(checks.map(({ what, reached, met }) => [what, reached, met])).toEqual([
      ['dispatches of an evaluation', 90, true],
      ['buffers of an evaluation', 1, false],
      ['dispatches of apart by ours', 3, true],
      ['dispatches of tfjs by ours', 120 / 90, false],
      ['dispatches of gone by ours', null, true],
    ])
    expect(checks[4].note).toBe('no gather')
  })

  it('says nothing of bytes that nobody counted', () => {
    const one = benchCase({ limits: { extraBytes: 1, temporaryBytesOf: { variant: 'plain', atMost: 0.1 } } })
    expect(checksOf(one, measured({}), machine).map(check => check.reached)).toEqual([null, null])
  })
})
