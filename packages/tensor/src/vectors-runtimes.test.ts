import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { VectorReport } from '@surprisal/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import type { ThreadUse } from './index.ts'

const root = new URL('../../../', import.meta.url)
const runner = 'packages/testing/src/cli/vectors.ts'
const withoutSharedMemory = 'data:text/javascript,delete globalThis.SharedArrayBuffer'

type Report = VectorReport & { readonly use: ThreadUse }

/** Runs all vectors of this package in a process of their own. */
async function run(options: string[], nodeOptions: string[] = []): Promise<Report> {
  const node = ['--conditions=@surprisal/source', '--no-warnings', ...nodeOptions]
  const args = [...node, runner, 'packages/tensor/vectors', '--json', '--bits', ...options]
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, maxBuffer: 2 ** 24 })
  return JSON.parse(stdout)
}

const bits = ({ files }: Report) => files.map(file => file.bits)
const counts = ({ passed, failed, notBuilt }: Report) => ({ passed, failed, notBuilt })

describe('vectors on wasm', () => {
  let one: Report
  beforeAll(async () => {
    one = await run(['--threads', '1'])
  })
  const all = () => ({ passed: one.files.flatMap(file => file.bits ?? []).length, failed: 0, notBuilt: 0 })

  it('pass on one thread', () => {
    expect(counts(one)).toEqual(all())
    expect(one.passed).toBeGreaterThan(70)
    expect(one.use).toEqual({ threads: 1, helped: 0 })
  })

  it.each([2, 4])('have the same bits on %d threads, the others being at work', async count => {
    const report = await run(['--threads', String(count)])
    expect(counts(report)).toEqual(all())
    expect(report.use.threads).toBe(count)
    expect(report.use.helped).toBeGreaterThan(50)
    expect(bits(report)).toEqual(bits(one))
  })

  it('have the same bits without shared memory', async () => {
    const report = await run(['--threads', '2'], ['--import', withoutSharedMemory])
    expect(counts(report)).toEqual(all())
    expect(report.use).toEqual({ threads: 1, helped: 0 })
    expect(bits(report)).toEqual(bits(one))
  })

  it('pass without relaxed SIMD, with the same bits on two threads', async () => {
    const [single, double] = [
      await run(['--deterministic', '--threads', '1']),
      await run(['--deterministic', '--threads', '2']),
    ]
    expect(counts(single)).toEqual(all())
    expect(double.use.helped).toBeGreaterThan(50)
    expect(bits(double)).toEqual(bits(single))
  })
})
