import { describe, expect, it } from 'vitest'
import { type Executor, registerExecutor } from '../executor.ts'
import { binary } from '../reference/elementwise.ts'
import { createReferenceExecutor } from '../reference/executor.ts'
import type { KernelFunction } from '../reference/kernel-function.ts'
import { reduce } from '../reference/reduce.ts'
import { scan } from '../reference/scan.ts'
import { fuzz } from './__fixtures__/programs.ts'

/** A kernel whose results are changed where `wrong` says so. */
const broken =
  (base: KernelFunction, wrong: (x: number, i: number, size: number) => number): KernelFunction =>
  (kernel, operands, out) => {
    base(kernel, operands, out)
    for (let i = 0; i < out.length; i++) out[i] = wrong(out[i], i, out.length)
  }

function brokenEngine(overrides: Parameters<typeof createReferenceExecutor>[0]): void {
  const executor: Executor = createReferenceExecutor({ ...overrides, name: 'broken' })
  registerExecutor(executor)
}

const find = () => fuzz({ runs: 400, seed: 3, engine: 'broken' })
const lengthOf = (failure: string | null): number => (failure?.match(/const v\d+ =/g) ?? []).length

describe('an engine that is wrong', () => {
  it('in the last lane of five is found and shown by few calls', async () => {
    brokenEngine({ overrides: { binary: broken(binary, (x, i, size) => (size === 5 && i === 4 ? x + 1 : x)) } })
    const failure = await find()
    expect(failure).toContain('import * as S')
    expect(lengthOf(failure)).toBeGreaterThan(0)
    expect(lengthOf(failure)).toBeLessThanOrEqual(4)
  })

  it('in sixteen units of the last place of sums is found', async () => {
    const twist: KernelFunction = (kernel, operands, out) => {
      reduce(kernel, operands, out)
      if ('f' in kernel.primitive && kernel.primitive.f === 'sum' && kernel.dtype === 'float32')
        for (let i = 0; i < out.length; i++) out[i] *= 1 + 2 ** -19
    }
    brokenEngine({ overrides: { reduce: twist } })
    expect(lengthOf(await find())).toBeGreaterThan(0)
  })

  it('in NaN is found', async () => {
    brokenEngine({ overrides: { scan: broken(scan, x => (Number.isNaN(x) ? 0 : x)) } })
    expect(await fuzz({ runs: 3000, seed: 3, engine: 'broken' })).toMatch(/expected NaN, got 0/)
  })

  it('because it throws is shown with the error', async () => {
    brokenEngine({
      overrides: {
        scan: () => {
          throw new Error('no scans here')
        },
      },
    })
    expect(await find()).toMatch(/broken threw Error: no scans here/)
  })

  it('in nothing passes', async () => {
    brokenEngine({})
    expect(await find()).toBeNull()
  })
})
