import { type DType, matmul, type Tensor } from '@surprisal/tensor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expectAgreement } from '../../__fixtures__/expect-agreement.ts'
import { describeGpu } from '../../__fixtures__/gpu.ts'
import { sample } from '../../__fixtures__/sample.ts'
import { withRuntime } from '../../__fixtures__/with-runtime.ts'
import { isPacked, packedDepth } from './packed.ts'
import type { Product } from './product.ts'

const feature = 'packed_4x8_integer_dot_product'
const product = (a: DType, b: DType, dtype: DType = 'int32'): Product => {
  const access = { offset: 0, batch: [], line: [], depth: [] }
  return {
    batch: 1,
    rows: 8,
    columns: 8,
    depth: 8,
    dtype,
    a: { dtype: a, access, buffer: 0 },
    b: { dtype: b, access, buffer: 1 },
  }
}

describe('a product is packed', () => {
  it('of int8 only, and only where the language has the function', () => {
    const features = new Set([feature])
    expect(isPacked(product('int8', 'int8'), features)).toBe(true)
    expect(isPacked(product('int8', 'uint8'), features)).toBe(false)
    expect(isPacked(product('float32', 'int8', 'float32'), features)).toBe(false)
    expect(isPacked(product('int8', 'int8'), new Set(['subgroups']))).toBe(false)
    expect(isPacked(product('int8', 'int8'))).toBe(false)
  })

  it('in words of four steps', () => {
    expect([0, 1, 4, 5, 8].map(packedDepth)).toEqual([0, 1, 1, 2, 2])
  })
})

describeGpu('packed products', () => {
  const runtime = withRuntime({ features: [feature] })
  const plainly = withRuntime({ features: [] })

  /** Compares with plain loops: packed, and on a device that cannot. */
  const expectExact = async (make: () => Tensor[]): Promise<string[]> => {
    const { kernels, plain } = await expectAgreement(runtime(), make)
    expect(plain).toBe(0)
    const without = await expectAgreement(plainly(), make)
    expect(without.kernels.some(({ wgsl }) => wgsl.includes('Packed'))).toBe(false)
    return kernels.map(({ wgsl }) => wgsl).filter(wgsl => /fn aBatch|parted/.test(wgsl))
  }

  it.each([
    [34, 29, 40],
    [2, 64, 50],
    [1, 7, 3],
    [20, 1, 20],
    [3, 100, 2],
  ])('of %i rows, depth %i, %i columns, whichever way operands lie', async (m, k, n) => {
    const a = () => sample('int8', [m, k]).mul(7)
    const b = () => sample('int8', [k, n], 2).mul(7)
    const sources = await expectExact(() => [
      matmul(a(), b()),
      matmul(a(), sample('int8', [n, k], 3).transpose(0, 1)),
      matmul(sample('int8', [k, m], 4).transpose(0, 1), b()),
      matmul(sample('int8', [m, k + 5], 5).slice(1, { start: 1, end: k + 1 }), b()),
    ])
    expect(sources.filter(wgsl => wgsl.includes('dot4I8Packed')).length).toBe(4)
  })

  it('load a word at once where depth is contiguous and on boundaries', async () => {
    const [aligned] = await expectExact(() => [
      matmul(sample('int8', [20, 32]), sample('int8', [24, 32], 2).transpose(0, 1)),
    ])
    expect(aligned).not.toContain('pack4xI8')
    const [apart] = await expectExact(() => [
      matmul(sample('int8', [20, 30]), sample('int8', [24, 30], 2).transpose(0, 1)),
    ])
    expect(apart).toContain('pack4xI8')
  })

  it('load words of four lines, one for each step, where lines are', async () => {
    const [tiled] = await expectExact(() => [matmul(sample('int8', [20, 30]), sample('int8', [30, 24], 2))])
    expect(tiled).toContain('fn bFours(')
    const [apart] = await expectExact(() => [matmul(sample('int8', [20, 30]), sample('int8', [30, 23], 2))])
    expect(apart).not.toContain('fn bFours(')
  })

  it('hold the extremes', async () => {
    await expectExact(() => {
      const least = sample('int8', [20, 1000]).mul(0).sub(127).sub(1)
      return [matmul(least, least.transpose(0, 1)), matmul(least, sample('int8', [1000, 20]).mul(0).add(127))]
    })
  })

  it('are cut into parts, and followed on', async () => {
    const make = () => [
      matmul(sample('int8', [20, 1030]), sample('int8', [1030, 40], 2))
        .add(sample('int32', [40]))
        .mul(3),
    ]
    expect((await expectExact(make)).length).toBe(2)
  })

  it('of any sizes', async () => {
    const size = fc.integer({ min: 1, max: 40 })
    await fc.assert(
      fc.asyncProperty(size, size, size, fc.integer({ min: 1, max: 3 }), async (m, k, n, batch) => {
        await expectExact(() => [matmul(sample('int8', [batch, m, k]), sample('int8', [batch, k, n], 2))])
      }),
      { numRuns: 6, seed: 5 },
    )
  })

  it('of no depth are zeros', async () => {
    await expectExact(() => [matmul(sample('int8', [20, 0]), sample('int8', [0, 20]))])
  })
})
