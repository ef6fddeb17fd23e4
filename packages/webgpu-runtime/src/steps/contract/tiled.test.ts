import fc from 'fast-check'
import { expect, it } from 'vitest'
import { describeGpu } from '../../__fixtures__/gpu.ts'
import { floats, runKernels } from '../../__fixtures__/run-kernels.ts'
import { withRuntime } from '../../__fixtures__/with-runtime.ts'
import type { GroupKernel } from '../../wgsl/group-kernel.ts'
import { Params } from '../../wgsl/params.ts'
import { lowerDots } from './dots.ts'
import { storing } from './finish.ts'
import { lowerJoinParts } from './join-parts.ts'
import { fetchOf } from './operand.ts'
import type { Product } from './product.ts'
import { lowerTiled, type Tiling } from './tiled.ts'

interface Sizes {
  readonly batch: number
  readonly rows: number
  readonly depth: number
  readonly columns: number
}

/** A dense product, each operand with its lines or its depth contiguous. */
function productOf({ batch, rows, depth, columns }: Sizes, aByDepth: boolean, bByDepth: boolean): Product {
  const operand = (lines: number, byDepth: boolean, buffer: number) => {
    const access = {
      offset: 0,
      batch: batch === 1 ? [] : [{ size: batch, stride: lines * depth }],
      line: [{ size: lines, stride: byDepth ? depth : 1 }],
      depth: [{ size: depth, stride: byDepth ? 1 : lines }],
    }
    return { dtype: 'float32', access, buffer } as const
  }
  return {
    batch,
    rows,
    columns,
    depth,
    dtype: 'float32',
    a: operand(rows, aByDepth, 0),
    b: operand(columns, bByDepth, 1),
  }
}

/** Small integers, whose products and sums are exact. */
const numbers = (n: number, seed: number): Float32Array =>
  Float32Array.from({ length: n }, (_, i) => ((i * 7 + seed * 5) % 11) - 5)

function expectedOf({ batch, rows, columns, depth, a, b }: Product, x: Float32Array, y: Float32Array): number[] {
  const at = (
    {
      access: {
        batch: [of],
        line: [line],
        depth: [step],
      },
    }: Product['a'],
    n: number,
    l: number,
    k: number,
  ) => n * (of?.stride ?? 0) + l * line.stride + k * step.stride
  return Array.from({ length: batch * rows * columns }, (_, i) => {
    const [n, r, c] = [Math.floor(i / (rows * columns)), Math.floor(i / columns) % rows, i % columns]
    let sum = 0
    for (let k = 0; k < depth; k++) sum += x[at(a, n, r, k)] * y[at(b, n, c, k)]
    return sum + 0
  })
}

const tiled = (product: Product, tiling: Tiling): GroupKernel =>
  lowerTiled(product, tiling, new Params(), storing(2, 'float32', false, product.columns % 4 === 0))
const dots = (product: Product): GroupKernel => lowerDots(product, new Params(), storing(2, 'float32', false, false))

describeGpu('kernels of products', () => {
  const runtime = withRuntime()
  const check = async (product: Product, kernel: GroupKernel): Promise<void> => {
    const { batch, rows, columns, depth } = product
    const [x, y] = [numbers(batch * rows * depth, 1), numbers(batch * columns * depth, 2)]
    const got = floats(await runKernels(runtime(), [kernel], [x, y], 4 * batch * rows * columns))
    expect(got).toEqual(expectedOf(product, x, y))
  }

  it('by tiles, however operands are fetched', async () => {
    const seen = new Set<string>()
    for (const size of [36, 35])
      for (const aByDepth of [false, true])
        for (const bByDepth of [false, true]) {
          const product = productOf({ batch: 2, rows: size, depth: size, columns: size }, aByDepth, bByDepth)
          seen.add(`${fetchOf(product.a, true)} ${fetchOf(product.b, true)}`)
          await check(product, tiled(product, { tile: 32, parts: 1 }))
        }
    expect(seen.size).toBe(8)
  })

  it('by large tiles', async () => {
    for (const [size, aByDepth] of [
      [100, true],
      [67, false],
    ] as const) {
      const product = productOf({ batch: 1, rows: size, depth: 24, columns: size + 32 }, aByDepth, !aByDepth)
      await check(product, tiled(product, { tile: 64, parts: 1 }))
    }
  })

  it('by tiles, of any sizes', async () => {
    const size = fc.integer({ min: 1, max: 80 })
    const sizes = fc.record({ batch: fc.integer({ min: 1, max: 3 }), rows: size, depth: size, columns: size })
    await fc.assert(
      fc.asyncProperty(sizes, fc.boolean(), fc.boolean(), fc.constantFrom(32, 64), async (each, a, b, tile) => {
        const product = productOf(each, a, b)
        await check(product, tiled(product, { tile, parts: 1 } as Tiling))
      }),
      { numRuns: 12, seed: 6 },
    )
  })

  it('by sums, of any sizes', async () => {
    const size = fc.integer({ min: 1, max: 40 })
    const sizes = fc.record({ batch: fc.integer({ min: 1, max: 3 }), rows: size, depth: size, columns: size })
    await fc.assert(
      fc.asyncProperty(sizes, fc.boolean(), fc.boolean(), async (each, a, b) => {
        const product = productOf(each, a, b)
        await check(product, dots(product))
      }),
      { numRuns: 15, seed: 7 },
    )
  })

  it('sum with as many lanes as the depth and the larger operand ask for', () => {
    const groupsOf = (rows: number, depth: number, columns: number, bByDepth: boolean): number[] => {
      const { workgroup, groups } = dots(productOf({ batch: 1, rows, depth, columns }, true, bByDepth))
      return [workgroup, groups]
    }
    expect(groupsOf(2, 16, 64, false)).toEqual([64, 2])
    expect(groupsOf(2, 17, 64, true)).toEqual([64, 128])
    expect(groupsOf(2, 17, 64, false)).toEqual([256, 4])
  })

  it.each([1, 2, 3, 7])('in %i parts of the depth', async parts => {
    const product = productOf({ batch: 2, rows: 33, depth: 100, columns: 40 }, true, false)
    const first = lowerTiled(product, { tile: 32, parts }, new Params(), storing(3, 'float32', false, true))
    const params = new Params()
    const second = lowerJoinParts(product, parts, 3, params, storing(2, 'float32', false, false))
    const [x, y] = [numbers(2 * 33 * 100, 1), numbers(2 * 40 * 100, 2)]
    const workspaces = [{ buffer: 3, bytes: 4 * parts * 2 * 33 * 40 }]
    const got = await runKernels(
      runtime(),
      { kernels: [first, second], workspaces, checks: [] },
      [x, y],
      4 * 2 * 33 * 40,
    )
    expect(floats(got)).toEqual(expectedOf(product, x, y))
  })

  it('add to what is there', async () => {
    const product = productOf({ batch: 1, rows: 10, depth: 3, columns: 8 }, true, false)
    const [x, y] = [numbers(30, 1), numbers(24, 2)]
    const kernel = lowerTiled(product, { tile: 32, parts: 1 }, new Params(), storing(2, 'float32', true, true))
    const got = floats(await runKernels(runtime(), [kernel], [x, y], new Float32Array(80).fill(100)))
    expect(got).toEqual(expectedOf(product, x, y).map(value => value + 100))
  })
})

it('fits the least workgroup memory and invocations', () => {
  const { wgsl, workgroup } = tiled(productOf({ batch: 1, rows: 64, depth: 64, columns: 64 }, true, true), {
    tile: 64,
    parts: 1,
  })
  expect(workgroup).toBe(256)
  const vectors = [...wgsl.matchAll(/var<workgroup> \w+: array<vec4<f32>, (\d+)>/g)].map(([, n]) => Number(n))
  expect(vectors).toEqual([256, 256])
  expect(16 * (vectors[0] + vectors[1])).toBeLessThanOrEqual(16_384)
})
