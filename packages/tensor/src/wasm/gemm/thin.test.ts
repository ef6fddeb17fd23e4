import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { check, dims, matrices, type Product, place, productOf, run, stackOf } from './__fixtures__/product.ts'
import { oneByOne } from './__fixtures__/run.ts'
import { lowerContract } from './contract.ts'

const layouts = [false, true].flatMap(transposeA => [false, true].map(transposeB => ({ transposeA, transposeB })))

const kernelOf = ({ spec }: Product, threads = 1): string => {
  const { phases } = lowerContract(spec, { relaxed: true, threads })
  return phases[0].key
}

describe('choice', () => {
  test.each([
    ['a row by columns that lie along memory', matrices(1, 300, 200, { transposeB: true }), 'lines fused, 1 of a'],
    ['a row by rows', matrices(1, 300, 200), 'scaled rows fused, 1 of a copied'],
    ['four columns that must be copied', matrices(300, 4, 200), 'lines fused, 4 of b copied'],
    ['columns by a transposed matrix', matrices(300, 3, 200, { transposeA: true }), 'scaled rows fused, 3 of b copied'],
    ['a row by rows of hardly any depth', matrices(1, 300, 7), 'runs fused, 1 of a copied'],
    ['two vectors', matrices(1, 1, 5000), 'dot fused, 1 by 1'],
    ['a few rows by a few', matrices(3, 2, 128, { transposeA: true }), 'dot fused, 3 by 2, a and b copied'],
  ] as const)('%s', (_, [a, b], key) => {
    expect(kernelOf(productOf(a, b))).toBe(key)
  })

  test.each([
    ['five rows', matrices(5, 300, 200)],
    ['little to read', matrices(2, 7, 9)],
    ['few columns that are far apart', matrices(2, 9, 300)],
    [
      'strides in both directions',
      [matrices(1, 20, 50)[0], { batch: [], line: dims([20], [101]), depth: dims([50], [2]) }],
    ],
  ] as const)('%s are left to panels', (_, [a, b]) => {
    expect(kernelOf(productOf(a, b))).toContain('multiply fused')
  })

  test('integers are left to panels', () => {
    expect(kernelOf(productOf(...matrices(1, 300, 200), 'int32', ['int8', 'int8']))).toContain('multiply pairs')
  })
})

describe('values', () => {
  test.each(layouts)('one to four rows or columns, %o', layout => {
    for (let few = 1; few <= 4; few++)
      for (const many of [1, 2, 3, 4, 5, 16, 17, 67, 130])
        for (const depth of [8, 9, 10, 11, 64, 127]) {
          const relaxed = (few + depth) % 2 === 0
          check(productOf(...matrices(few, many, depth, layout)), { relaxed })
          check(productOf(...matrices(many, few, depth, layout)), { relaxed })
        }
  })

  test.each(layouts)('sizes around the edges of blocks, %o', layout => {
    for (const [few, many] of [
      [1, 1023],
      [4, 1026],
    ])
      for (const depth of [512, 514]) {
        check(productOf(...matrices(few, many, depth, layout)), { relaxed: false, step: 13 })
        check(productOf(...matrices(many, few, depth, layout)), { step: 13 })
      }
    for (const depth of [1023, 1024, 1025, 2050]) check(productOf(...matrices(3, 21, depth, layout)))
  })

  test('any strides of the few lines, any dims of the many', () => {
    const property = fc.property(
      fc.record({
        count: fc.integer({ min: 1, max: 4 }),
        stride: fc.integer({ min: -3, max: 5 }),
        lineStride: fc.integer({ min: -3, max: 5 }),
        depth: fc.integer({ min: 8, max: 70 }),
        outer: fc.integer({ min: 1, max: 9 }),
        inner: fc.integer({ min: 1, max: 9 }),
        gap: fc.integer({ min: -90, max: 90 }),
        batch: fc.integer({ min: 1, max: 3 }),
        swapped: fc.boolean(),
      }),
      ({ count, stride, lineStride, depth, outer, inner, gap, batch, swapped }) => {
        const few = { batch: dims([batch], [7]), line: dims([count], [lineStride]), depth: dims([depth], [stride]) }
        const many = { batch: dims([batch], [-5]), line: dims([outer, inner], [gap, 80]), depth: dims([depth], [1]) }
        const rows = { batch: dims([batch], [0]), line: dims([outer * 4], [1]), depth: dims([depth], [gap]) }
        for (const other of [many, rows]) check(swapped ? productOf(other, few) : productOf(few, other))
      },
    )
    fc.assert(property, { numRuns: 200, seed: 11 })
  })

  test('steps of depth that lie along memory in runs, which need not be those of the other operand', () => {
    const property = fc.property(
      fc.record({
        count: fc.integer({ min: 1, max: 4 }),
        many: fc.integer({ min: 5, max: 40 }),
        outer: fc.integer({ min: 2, max: 6 }),
        inner: fc.integer({ min: 16, max: 40 }),
        gap: fc.integer({ min: -3, max: 9 }),
        swapped: fc.boolean(),
        relaxed: fc.boolean(),
      }),
      ({ count, many, outer, inner, gap, swapped, relaxed }) => {
        const few = { batch: [], line: dims([count], [700]), depth: dims([inner, outer], [outer + gap, 1]) }
        const runs = { batch: [], line: dims([many], [3]), depth: dims([outer, inner], [inner + 7, 1]) }
        const wide = { batch: [], line: dims([count], [2000]), depth: dims([2, outer * inner], [outer * inner + 5, 1]) }
        const twice = { batch: [], line: dims([many], [3]), depth: dims([2, outer, inner], [99, 71, 1]) }
        for (const [small, large] of [
          [few, runs],
          [wide, twice],
        ]) {
          const product = swapped ? productOf(large, small) : productOf(small, large)
          if (outer * inner * many >= 512) expect(kernelOf(product)).toContain('lines')
          check(product, { relaxed })
        }
      },
    )
    fc.assert(property, { numRuns: 60, seed: 13 })
  })

  test('what stands behind the last step of depth has no say, even if it is NaN', () => {
    const { access, elements } = place({ batch: [], line: dims([60], [12]), depth: dims([9], [1]) })
    const b = Array.from({ length: elements }, (_, i) => (i % 12 < 9 ? 1 : Number.NaN))
    const a = [...new Array(9).fill(1), Number.NaN, Number.NaN, Number.NaN]
    const spec = {
      a: { offset: 0, batch: [], line: dims([1], [12]), depth: dims([9], [1]) },
      b: access,
      dtype: 'float32',
      operands: ['float32', 'float32'],
    } as const
    expect([...run({ spec, a, b })]).toEqual(new Array(60).fill(9))
  })

  test.each(layouts)('NaN and infinities spread, %o', layout => {
    const product = productOf(...matrices(2, 90, 21, layout))
    const b = [...(product.b as number[])]
    const { offset, line, depth } = product.spec.b
    b[offset + 7 * line[0].stride + 20 * depth[0].stride] = Number.NaN
    b[offset + 88 * line[0].stride + 3 * depth[0].stride] = Number.NEGATIVE_INFINITY
    const out = run({ ...product, b })
    out.forEach((value, i) => {
      if (i % 90 === 7) expect(value).toBeNaN()
      else if (i % 90 === 88) expect(Math.abs(value)).toBe(Number.POSITIVE_INFINITY)
      else expect(Number.isFinite(value)).toBe(true)
    })
  })

  test('a long dot product is summed in float64 by blocks', () => {
    const length = 1_000_000
    const product = productOf(...matrices(1, 1, length))
    const tenth = Math.fround(0.1)
    const [a, b] = [new Float32Array(product.a.length).fill(1), new Float32Array(product.b.length).fill(tenth)]
    const [sum] = run({ ...product, a, b })
    expect(Math.abs(sum - tenth * length) / (tenth * length)).toBeLessThan(2e-5)
  })
})

describe('work', () => {
  test.each([
    ['dot', productOf(...matrices(2, 500, 600, { transposeB: true }))],
    ['scaled rows', productOf(...matrices(3, 1500, 600))],
    ['a stack', stackOf(7, 2, 80, 33)],
  ])('%s has the same bits for any cut and number of threads', (_, product) => {
    const whole = check(product, { step: 7 })
    for (const threads of [1, 2, 4]) expect(run(product, { threads, cut: oneByOne })).toEqual(whole)
  })

  test('a large matrix is shared by threads', () => {
    for (const transposeB of [false, true]) {
      const { spec } = productOf(...matrices(1, 2048, 256, { transposeB }))
      expect(lowerContract(spec, { relaxed: true, threads: 2 }).phases[0].units).toBeGreaterThanOrEqual(8)
    }
  })
})
