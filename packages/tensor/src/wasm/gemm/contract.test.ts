import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { check, dims, matrices, productOf, run, stackOf } from './__fixtures__/product.ts'
import { compiledKeys, oneByOne } from './__fixtures__/run.ts'
import { lowerContract } from './contract.ts'

const layouts = [false, true].flatMap(transposeA => [false, true].map(transposeB => ({ transposeA, transposeB })))

describe('float32', () => {
  test('all small sizes, in every layout, with both tiles', () => {
    for (let rows = 0; rows <= 13; rows++)
      for (let columns = 0; columns <= 17; columns++)
        for (const depth of [0, 1, 2, 3, 4, 5, 8, 9])
          check(productOf(...matrices(rows, columns, depth, layouts[(rows + columns) % 4])), {
            relaxed: (rows + depth) % 2 === 0,
          })
  })

  test.each(layouts)('sizes around the edges of blocks, %o', layout => {
    for (const [rows, columns, depth] of [
      [20, 20, 20],
      [71, 65, 31],
      [145, 9, 12],
      [146, 67, 513],
      [5, 515, 7],
      [217, 520, 6],
      [7, 9, 1026],
    ])
      for (const relaxed of [false, true]) check(productOf(...matrices(rows, columns, depth, layout)), { relaxed })
  })

  test('no depth gives zeros', () => {
    expect([...run(productOf(...matrices(2, 3, 0)))]).toEqual([0, 0, 0, 0, 0, 0])
    expect([...run(productOf(...matrices(200, 9, 0)))].every(x => Object.is(x, 0))).toBe(true)
  })

  test('NaN and infinities spread to their row and column, and no further', () => {
    const product = productOf(...matrices(9, 10, 11))
    const [a, b] = [[...(product.a as number[])], [...(product.b as number[])]]
    a[product.spec.a.offset + 4 * 11 + 10] = Number.NaN
    b[product.spec.b.offset + 3 * 10 + 9] = Number.POSITIVE_INFINITY
    const out = run({ ...product, a, b }, { relaxed: false })
    out.forEach((value, i) => {
      const [row, column] = [Math.floor(i / 10), i % 10]
      if (row === 4) expect(value).toBeNaN()
      else if (column === 9) expect(Math.abs(value)).toBe(Number.POSITIVE_INFINITY)
      else expect(Number.isFinite(value)).toBe(true)
    })
  })
})

describe('accesses', () => {
  const stride = fc.integer({ min: -4, max: 7 })
  const group = (most: number) =>
    fc.array(fc.record({ size: fc.integer({ min: 1, max: most }), stride }), { minLength: 0, maxLength: 3 })

  test('any grouped dims, with negative and zero strides', () => {
    const similar = (sizes: number[]) => fc.tuple(...sizes.map(() => stride)).map(strides => dims(sizes, strides))
    const property = fc.property(
      fc
        .record({ batch: group(2), depth: group(5), lineA: group(4), lineB: group(5), relaxed: fc.boolean() })
        .chain(({ batch, depth, ...rest }) =>
          fc.record({
            batch: fc.constant(batch),
            depth: fc.constant(depth),
            batchB: similar(batch.map(dim => dim.size)),
            depthB: similar(depth.map(dim => dim.size)),
            rest: fc.constant(rest),
          }),
        ),
      ({ batch, depth, batchB, depthB, rest }) => {
        const a = { batch, depth, line: rest.lineA }
        check(productOf(a, { batch: batchB, depth: depthB, line: rest.lineB }), { relaxed: rest.relaxed, threads: 2 })
      },
    )
    fc.assert(property, { numRuns: 300, seed: 7 })
  })

  test('groups of a batch need not be cut alike', () => {
    const a = { batch: dims([2, 3], [50, 7]), line: dims([3], [2]), depth: dims([4], [1]) }
    const b = { batch: dims([6], [11]), line: dims([9], [1]), depth: dims([2, 2], [40, 9]) }
    check(productOf(a, b))
  })

  test.each([1, 2])('windows of 3 x 3 over a padded image, stride %i', step => {
    const [channels, size, filters] = [3, 12, 10]
    const steps = Math.floor((size - 3) / step) + 1
    const image = size * size
    const a = { batch: dims([2], [0]), line: dims([filters], [channels * 9]), depth: dims([channels * 9], [1]) }
    const b = {
      batch: dims([2], [channels * image]),
      line: dims([steps, steps], [size * step, step]),
      depth: dims([channels, 3, 3], [image, size, 1]),
    }
    check(productOf(a, b))
    // Its gradient to the weights sums over batch and positions.
    const dy = { batch: [], line: dims([filters], [steps * steps]), depth: dims([2, steps * steps], [500, 1]) }
    const x = { batch: [], line: b.depth, depth: [...b.batch, ...b.line] }
    check(productOf(dy, x))
  })

  test('one b for a whole stack is one tall product', () => {
    const a = { batch: dims([5], [30]), line: dims([6], [5]), depth: dims([5], [1]) }
    const b = { batch: dims([5], [0]), line: dims([4], [1]), depth: dims([5], [4]) }
    const product = productOf(a, b)
    check(product)
    const [phase] = lowerContract(product.spec, { relaxed: true, threads: 1 }).phases
    expect(phase.units).toBe(1)
  })
})

describe('integers', () => {
  const operands = [
    ['int8', 'int8'],
    ['uint8', 'int8'],
    ['int8', 'bool'],
    ['uint8', 'uint8'],
    ['bool', 'bool'],
    ['int32', 'int32'],
    ['int8', 'int32'],
    ['int32', 'uint8'],
    ['bool', 'int32'],
  ] as const

  test.each(operands)('%s by %s is exact modulo 2^32', (a, b) => {
    for (const layout of layouts)
      for (const [rows, columns, depth] of [
        [1, 1, 1],
        [5, 9, 7],
        [4, 8, 8],
        [13, 11, 19],
        [9, 21, 16],
        [150, 70, 10],
        [3, 9, 1029],
      ])
        check(productOf(...matrices(rows, columns, depth, layout), 'int32', [a, b]))
  })

  test('the largest magnitudes of 8 bits wrap only beyond 2^31', () => {
    const [a, b] = matrices(2, 2, 70_000)
    const product = productOf(a, b, 'int32', ['uint8', 'uint8'])
    const full = { ...product, a: new Array(product.a.length).fill(255), b: new Array(product.b.length).fill(255) }
    expect([...run(full)]).toEqual(new Array(4).fill((70_000 * 255 * 255) | 0))
  })

  test('operands must be converted before', () => {
    const { spec } = productOf(...matrices(2, 2, 2))
    expect(() => lowerContract({ ...spec, operands: ['float16', 'float16'] }, { relaxed: true, threads: 1 })).toThrow(
      'lowerContract: operands of float32 must be float32, got float16 and float16',
    )
    expect(() =>
      lowerContract({ ...spec, dtype: 'int32', operands: ['float32', 'int8'] }, { relaxed: true, threads: 1 }),
    ).toThrow('lowerContract: operands of int32 must be integers or bool, got float32 and int8')
  })
})

describe('work', () => {
  const thirds = (units: number) => [Math.floor(units / 3), Math.floor((2 * units) / 3), units]
  test.each([
    ['a large product', productOf(...matrices(200, 260, 520))],
    ['few rows', productOf(...matrices(9, 700, 300))],
    ['a stack', stackOf(9, 20, 70, 33)],
    ['a stack of larger ones', stackOf(3, 150, 90, 40)],
  ])('%s has the same bits for any cut and number of threads', (_, product) => {
    for (const relaxed of [false, true]) {
      const whole = check(product, { relaxed })
      for (const threads of [1, 2, 4])
        for (const cut of [oneByOne, thirds]) expect(run(product, { relaxed, threads, cut })).toEqual(whole)
    }
  })

  test('a product of 512 makes enough units for a few threads', () => {
    const { phases } = lowerContract(productOf(...matrices(512, 512, 512)).spec, { relaxed: true, threads: 2 })
    expect(phases.map(phase => phase.units)).toEqual([8, 8])
  })

  test('the packed part of b stays within 8 MiB', () => {
    const access = (rows: number, columns: number, depth: number, batch: number) => {
      const [a, b] = matrices(rows, columns, depth)
      const stacked = dims([batch], [1])
      return { a: { ...a, offset: 0, batch: stacked }, b: { ...b, offset: 0, batch: stacked } }
    }
    for (const [rows, columns, depth, batch] of [
      [512, 32_000, 256, 1],
      [512, 512, 20_000, 1],
      [512, 512, 512, 40],
    ]) {
      const spec = {
        ...access(rows, columns, depth, batch),
        dtype: 'float32',
        operands: ['float32', 'float32'],
      } as const
      const { workspaceBytes, phases } = lowerContract(spec, { relaxed: true, threads: 1 })
      expect(workspaceBytes).toBeLessThanOrEqual(2 ** 23)
      expect(phases.length).toBeGreaterThan(2)
      expect(Math.max(...phases.map(phase => phase.scratchBytes))).toBeLessThan(2 ** 20)
    }
  })

  test('a b that is packed in parts gives the same as one packed at once', () => {
    check(productOf(...matrices(150, 40, 60_000)), { step: 211 })
    check(stackOf(17, 150, 80, 1600), { step: 4001 })
  })

  test('other sizes of the same kind compile nothing', () => {
    const sizes = [
      [160, 31, 9],
      [333, 120, 40],
    ]
    const keys = sizes.map(([m, n, k]) =>
      lowerContract(productOf(...matrices(m, n, k)).spec, { relaxed: true, threads: 1 }).phases.map(p => p.key),
    )
    expect(keys[0]).toEqual(keys[1])
    expect(new Set(compiledKeys()).size).toBe(compiledKeys().length)
  })
})
