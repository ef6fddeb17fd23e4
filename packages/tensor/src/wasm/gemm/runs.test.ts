import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { check, dims, type Product, productOf, run } from './__fixtures__/product.ts'
import { oneByOne } from './__fixtures__/run.ts'
import { lowerContract } from './contract.ts'

interface Windows {
  readonly entries: number
  readonly rows: number
  readonly height: number
  readonly width: number
  readonly kernel: number
  readonly channels?: number
  readonly stride?: number
}

/** Windows over a padded image for each entry of a batch, as a convolution with one group a channel has them. */
function windows({ entries, rows, height, width, kernel, channels = 1, stride = 1 }: Windows): Product {
  const wide = stride * (width - 1) + kernel
  const image = (stride * (height - 1) + kernel) * wide
  const places = kernel * kernel * channels
  return productOf(
    { batch: dims([entries], [rows * places]), line: dims([rows], [places]), depth: dims([places], [1]) },
    {
      batch: dims([entries], [channels * image]),
      line: dims([height, width], [stride * wide, stride]),
      depth: dims([channels, kernel, kernel], [image, wide, 1]),
    },
  )
}

const kernelOf = (product: Product, threads = 1) => lowerContract(product.spec, { relaxed: true, threads }).phases[0]

describe('windows of few rows', () => {
  test('of any size', () => {
    const property = fc.property(
      fc.record({
        entries: fc.integer({ min: 1, max: 3 }),
        rows: fc.integer({ min: 1, max: 4 }),
        height: fc.integer({ min: 2, max: 5 }),
        width: fc.integer({ min: 4, max: 40 }),
        kernel: fc.integer({ min: 2, max: 4 }),
        channels: fc.integer({ min: 1, max: 3 }),
        stride: fc.integer({ min: 1, max: 2 }),
      }),
      sizes => {
        const product = windows(sizes)
        const every = sizes.stride === 2 ? ', every other' : ''
        expect(kernelOf(product).key).toBe(`runs fused, ${sizes.rows} of a copied${every}`)
        const whole = check(product)
        check(product, { relaxed: false })
        expect(run(product, { threads: 4, cut: oneByOne })).toEqual(whole)
      },
    )
    fc.assert(property, { numRuns: 120, seed: 3 })
  })

  test('have the bits that more rows have', () => {
    const one = windows({ entries: 2, rows: 2, height: 6, width: 21, kernel: 3 })
    const { a } = one.spec
    const spec = { ...one.spec, a: { ...a, line: dims([2, 3], [9, 0]) } }
    expect(kernelOf({ ...one, spec }).key).toContain('multiply')
    const six = run({ ...one, spec })
    const [rows, columns] = [2, 6 * 21]
    run(one).forEach((value, i) => {
      const [entry, row, column] = [Math.floor(i / (rows * columns)), Math.floor(i / columns) % rows, i % columns]
      expect(value).toBe(six[(entry * 6 + row * 3) * columns + column])
    })
  })

  test('are added to what is there, then by panels', () => {
    const product = windows({ entries: 2, rows: 3, height: 3, width: 23, kernel: 3 })
    const plain = run(product)
    const before = Float32Array.from(plain, (_, i) => i / 7)
    expect(run(product, { addTo: before })).toEqual(plain.map((x, i) => Math.fround(x + before[i])))
  })

  test('of an image make units for threads', () => {
    const product = windows({ entries: 1, rows: 1, height: 96, width: 96, kernel: 3 })
    expect(kernelOf(product, 2).units).toBeGreaterThanOrEqual(8)
    expect(kernelOf(windows({ entries: 32, rows: 1, height: 56, width: 56, kernel: 3 }), 2).units).toBe(32)
  })
})

test('rows of hardly any depth are read where they are, in stretches', () => {
  for (const [rows, columns, depth] of [
    [1, 16, 1],
    [2, 1023, 3],
    [4, 1025, 7],
    [3, 4099, 2],
  ]) {
    const product = productOf(
      { batch: [], line: dims([rows], [depth]), depth: dims([depth], [1]) },
      { batch: [], line: dims([columns], [1]), depth: dims([depth], [columns + 3]) },
    )
    expect(kernelOf(product).key).toContain('runs')
    const whole = check(product)
    expect(run(product, { threads: 4, cut: oneByOne })).toEqual(whole)
  }
})
