import type { Adapter } from '../gpu/adapter.ts'
import type { CaseResult } from '../run/case-result.ts'
import type { Report } from './json.ts'

const times = (minimum: number) => ({ minimum, median: 1.25 * minimum, spread: 0.1, runs: 12 })

/** A case with all that can happen: a target met, one missed, a peer that fails. */
export const softmax: CaseResult = {
  case: 'tensor/softmax',
  threads: 1,
  participants: {
    ours: {
      version: '0.0.0',
      firstMs: 20,
      times: times(4),
      bytes: { base: 16 * 2 ** 20, held: 32 * 2 ** 20, peak: 32 * 2 ** 20 },
    },
    tfjs: { version: '4.22.0', firstMs: 8, times: times(6), bytes: null },
    ort: { version: '1.30.0', firstMs: 9, times: times(8), bytes: null },
    'jax-js': { problem: 'needs <more> memory' },
  },
  ratios: { tfjs: 1.5, ort: 2 },
  targets: { tfjs: 1.1, ort: 3, 'jax-js': 8 },
  checks: [
    { what: 'ratio to tfjs', reached: 1.5, bound: 1.1, atLeast: true, met: true },
    { what: 'ratio to ort', reached: 2, bound: 3, atLeast: true, met: false },
    { what: 'ratio to jax-js', reached: null, bound: 8, atLeast: true, met: true, note: 'needs <more> memory' },
  ],
  guideMs: 4.2,
  gigabytes: 8.39,
  peakBytes: 32 * 2 ** 20,
}

/** A case on a GPU. */
export const counted: CaseResult = {
  case: 'webgpu-runtime/chain',
  threads: 1,
  participants: {
    ours: {
      version: '0.0.0 (webgpu)',
      times: times(2),
      counts: { dispatches: 1, submissions: 2, pipelines: 0, buffers: 0 },
    },
    tfjs: {
      version: '4.22.0 (webgpu)',
      times: times(3),
      counts: { dispatches: 1250, submissions: 4, pipelines: 0, buffers: 9 },
    },
    'jax-js': { problem: 'has no int8' },
  },
  ratios: { tfjs: 1.5 },
  targets: {},
  checks: [{ what: 'dispatches of an evaluation', reached: 1, bound: 3, atLeast: false, met: true }],
  gflops: 20,
  ofAdapter: { gflops: 0.25 },
  peakBytes: null,
}

/** A GPU of round numbers that a processor plays. */
export const adapter: Adapter = { name: 'acme <soft>', isSoftware: true, copyGBs: 10, fmaGflops: 80 }

/** A case that was not run. */
export const skipped: CaseResult = {
  case: 'tensor/two',
  threads: 2,
  skipped: 'no idle core',
  participants: {},
  ratios: {},
  targets: {},
  checks: [],
  peakBytes: null,
}

/** A case of which our own side fails. */
export const failed: CaseResult = {
  ...skipped,
  case: 'tensor/bad',
  threads: 1,
  skipped: undefined,
  participants: { ours: { problem: 'add: shapes differ' } },
}

/** A run of these cases on a machine of round numbers. */
export const report: Report = {
  name: 'sample',
  machine: {
    date: '2026-11-24T12:00:00.000Z',
    node: 'v24.0.0',
    platform: 'linux x64',
    cpu: 'Test & Sons',
    cores: 2,
    memoryBytes: 2 ** 34,
    load: 0.5,
    copyGBs: 60,
    fmaGflops: 70,
  },
  cases: [softmax, skipped],
}
