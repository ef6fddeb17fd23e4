import { describe, expect, it } from 'vitest'
import { copyModule, measureMachine, multiplyAddModule } from './limits.ts'

const run = (bytes: Uint8Array<ArrayBuffer>) =>
  new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports.run as (rounds: number) => number

describe('multiplyAddModule', () => {
  it.each([true, false].filter(fused => WebAssembly.validate(multiplyAddModule(fused))))(
    'does as many rounds as asked for (fused: %s)',
    fused => {
      const multiplyAdd = run(multiplyAddModule(fused))
      // Every round takes a chain from x to x / 2 + 1 / 2, so that after n rounds it is 1 - 2^-n; twelve are summed.
      expect([1, 2, 3, 10].map(multiplyAdd)).toEqual([1, 2, 3, 10].map(n => 12 * (1 - 2 ** -n)))
    },
  )

  it('is valid without relaxed SIMD', () => {
    expect(WebAssembly.validate(multiplyAddModule(false))).toBe(true)
  })
})

describe('copyModule', () => {
  it('copies within its own memory', () => {
    expect(() => run(copyModule())(0)).not.toThrow()
  })
})

describe('measureMachine', () => {
  it('gives rates that a processor can have', () => {
    const { gigabytes, gflops, fused } = measureMachine()
    expect(gigabytes).toBeGreaterThan(0.1)
    expect(gigabytes).toBeLessThan(10_000)
    expect(gflops).toBeGreaterThan(0.1)
    expect(gflops).toBeLessThan(10_000)
    expect(fused).toBe(WebAssembly.validate(multiplyAddModule(true)))
  })
})
