import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dims, matrices, type Product, place, productOf, run } from './__fixtures__/product.ts'
import type { Dim, GroupedAccess } from './access.ts'
import { lowerContract } from './contract.ts'

type Strides = (sizes: { rows: number; columns: number; depth: number }) => {
  a: readonly [number, number]
  b: readonly [number, number]
}

/** Strides of line and depth of both operands. */
const layouts: Record<string, Strides> = {
  dense: ({ columns, depth }) => ({ a: [depth, 1], b: [1, columns] }),
  'a transposed': ({ rows, columns }) => ({ a: [1, rows], b: [1, columns] }),
  'b transposed': ({ depth }) => ({ a: [depth, 1], b: [depth, 1] }),
  'both transposed': ({ rows, depth }) => ({ a: [1, rows], b: [depth, 1] }),
  'neither along memory': ({ depth, columns }) => ({ a: [2 * depth + 1, 2], b: [3, 3 * columns + 2] }),
  backwards: ({ depth }) => ({ a: [depth, -1], b: [-depth, -1] }),
}

const element = (line: number, depth: number): number => Math.fround(Math.sin(line * 12.9898 + depth * 78.233))

/** The same two matrices, however they lie. */
function productIn(layout: Strides, rows: number, columns: number, depth: number): Product {
  const strides = layout({ rows, columns, depth })
  const operand = (lines: number, [line, step]: readonly [number, number], seed: number) => {
    const dim = (size: number, stride: number): Dim[] => [{ size, stride }]
    const { access, elements } = place({ batch: [], line: dim(lines, line), depth: dim(depth, step) }, 2)
    const data = new Float32Array(elements)
    for (let i = 0; i < lines; i++)
      for (let k = 0; k < depth; k++) data[access.offset + i * line + k * step] = element(i + seed, k)
    return { access, data }
  }
  const [a, b] = [operand(rows, strides.a, 0), operand(columns, strides.b, 50)]
  const spec = { a: a.access, b: b.access, dtype: 'float32', operands: ['float32', 'float32'] } as const
  return { spec, a: a.data, b: b.data }
}

const expectEqualBits = (rows: number, columns: number, depth: number, relaxed: boolean): Set<string> => {
  const kernels = new Set<string>()
  const [whole, ...others] = Object.values(layouts).map(layout => {
    const product = productIn(layout, rows, columns, depth)
    kernels.add(lowerContract(product.spec, { relaxed, threads: 1 }).phases[0].key)
    return run(product, { relaxed })
  })
  for (const other of others) expect(other).toEqual(whole)
  return kernels
}

describe('the bits of a product', () => {
  test('do not depend on how its operands lie', () => {
    const property = fc.property(
      fc.record({
        few: fc.integer({ min: 1, max: 6 }),
        many: fc.integer({ min: 1, max: 70 }),
        depth: fc.oneof(fc.integer({ min: 1, max: 70 }), fc.constantFrom(127, 128, 131, 512, 513, 1030, 2049)),
        swapped: fc.boolean(),
        relaxed: fc.boolean(),
      }),
      ({ few, many, depth, swapped, relaxed }) => {
        expectEqualBits(swapped ? many : few, swapped ? few : many, depth, relaxed)
      },
    )
    fc.assert(property, { numRuns: 150, seed: 5 })
  })

  test.each([
    [1, 300, 600, ['lines fused, 1 of a', 'multiply', 'scaled rows fused, 1 of a copied']],
    [40, 3, 520, ['lines fused, 3 of b', 'multiply', 'scaled rows fused, 3 of b copied']],
    [1, 1, 3000, ['dot fused, 1 by 1', 'dot fused, 1 by 1, a and b copied']],
    [4, 3, 1500, ['dot fused, 4 by 3', 'dot fused, 4 by 3, a and b copied']],
  ])('are the same in all kernels for %i by %i of depth %i', (rows, columns, depth, names) => {
    const kernels = [...expectEqualBits(rows, columns, depth, true)]
    for (const name of names) expect(kernels.some(kernel => kernel.startsWith(name))).toBe(true)
  })

  test('of a row do not depend on the rows beside it', () => {
    for (const depth of [40, 700]) {
      const product = productOf(...matrices(9, 50, depth))
      const whole = run(product)
      for (let row = 0; row < 9; row++)
        for (const count of [1, 2, 4]) {
          if (row + count > 9) continue
          const a = { ...product.spec.a, offset: product.spec.a.offset + row * depth, line: dims([count], [depth]) }
          const part = run({ ...product, spec: { ...product.spec, a } })
          expect(part).toEqual(whole.slice(row * 50, (row + count) * 50))
        }
    }
  })

  test('do not depend on whether a stack reads one b or copies of it', () => {
    for (const [rows, columns, depth] of [
      [1, 1, 300],
      [1, 3, 300],
      [3, 20, 300],
      [2, 4, 20],
    ]) {
      const [a, b] = matrices(rows, columns, depth)
      const stack = { ...a, batch: dims([5], [rows * depth]) }
      const [one, apart] = [0, depth * columns].map(stride => productOf(stack, { ...b, batch: dims([5], [stride]) }))
      const shared = Array.from({ length: 5 }).flatMap(() => Array.from(one.b).slice(1, 1 + depth * columns))
      const copies = [0, ...shared]
      const first = (access: GroupedAccess) => ({ ...access, offset: 1 })
      const spec = { ...apart.spec, b: first(apart.spec.b) }
      expect(run({ ...apart, spec, b: copies })).toEqual(run(one))
    }
  })
})
