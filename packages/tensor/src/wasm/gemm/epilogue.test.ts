import { describe, expect, test } from 'vitest'
import { GroupBuilder } from '../codegen/__fixtures__/group-builder.ts'
import { apart, type FollowOptions, together } from './__fixtures__/follow.ts'
import { matrices, type Product, productOf, stackOf } from './__fixtures__/product.ts'
import { oneByOne } from './__fixtures__/run.ts'
import { positions } from './access.ts'
import { lowerContract } from './contract.ts'

const shapeOf = ({ spec }: Product) => [positions(spec.a.batch), positions(spec.a.line), positions(spec.b.line)]

/** Bias and GELU, with the product itself stored too, as gradients need it. */
function biasAndGelu(product: Product) {
  const [batch, rows, columns] = shapeOf(product)
  const g = new GroupBuilder([batch, rows, columns])
  const x = g.load('float32')
  const sum = g.binary('add', x, g.load('float32', { strides: [0, 0, 1], offset: 0 }))
  g.store(sum)
  const inner = g.binary('mul', sum, g.binary('add', g.binary('mul', sum, sum), g.constant('float32', 20)))
  g.store(g.binary('mul', g.unary('tanh', inner), sum))
  return { group: g.build(), data: g.data, product: 0 }
}

/** A scale given at each run, a residual, a mask, halves and columns that are read the wrong way round. */
function mixture(product: Product) {
  const [batch, rows, columns] = shapeOf(product)
  const g = new GroupBuilder([batch, rows, columns])
  const residual = g.load('float16')
  const x = g.load('float32')
  const scaled = g.binary('mul', x, g.scalar('float32', g.slot()))
  const turned = g.load('float32', { strides: [0, 1, rows], offset: 0 })
  const row = g.load('int8', { strides: [rows, 1, 0], offset: 0 })
  const sum = g.binary('add', g.binary('sub', scaled, residual), g.binary('mul', turned, g.cast('float32', row)))
  const positive = g.binary('greater', sum, g.constant('float32', 0), 'bool')
  g.store(positive)
  g.store(g.cast('float16', g.push({ kind: 'select', dtype: 'float32', condition: positive, a: sum, b: x })))
  return { group: g.build(), data: g.data, product: 1 }
}

const products: readonly (readonly [string, Product, boolean])[] = [
  ['packed columns', productOf(...matrices(150, 70, 30)), true],
  ['packed columns and blocks of depth', productOf(...matrices(150, 41, 1030)), true],
  ['units that pack for themselves', productOf(...matrices(9, 700, 40)), true],
  ['such units and blocks of depth', productOf(...matrices(13, 21, 600)), true],
  ['a stack', stackOf(3, 9, 10, 11), true],
  ['a stack of larger ones', stackOf(3, 150, 90, 40), true],
  ['no depth', productOf(...matrices(9, 10, 0)), true],
  ['wide rows', productOf(...matrices(8, 2100, 9)), true],
  ['a row', productOf(...matrices(1, 300, 200)), false],
  ['a row by transposed columns', productOf(...matrices(2, 130, 70, { transposeB: true })), false],
  ['a few by a few', productOf(...matrices(3, 2, 200)), false],
  ['a depth in parts', productOf(...matrices(146, 33, 60_000)), false],
]

describe('an epilogue', () => {
  test.each(products)('has the bits of a kernel by itself: %s', (name, product, inUnits) => {
    for (const [epilogue, scalars] of [
      [biasAndGelu(product), []],
      [mixture(product), [0.37]],
    ] as const)
      for (const relaxed of name.startsWith('a depth') ? [true] : [false, true]) {
        const options: FollowOptions = { relaxed, scalars }
        const wanted = apart(product, epilogue, epilogue.data, options)
        const { results, keys } = together(product, epilogue, epilogue.data, options)
        expect(results).toEqual(wanted)
        expect(keys.at(-1)!.includes('behind a product')).toBe(!inUnits)
        if (name.startsWith('a depth')) continue
        for (const threads of [2, 4])
          expect(together(product, epilogue, epilogue.data, { ...options, threads, cut: oneByOne }).results).toEqual(
            wanted,
          )
      }
  })

  test('follows upon integers', () => {
    const product = productOf(...matrices(9, 21, 16), 'int32', ['int8', 'uint8'])
    const g = new GroupBuilder([9, 21])
    g.store(g.binary('mul', g.cast('float32', g.load('int32')), g.constant('float32', 0.01)))
    const epilogue = { group: g.build(), product: 0 }
    const options = { relaxed: true }
    expect(together(product, epilogue, g.data, options).results).toEqual(apart(product, epilogue, g.data, options))
  })

  test('compiles nothing for other sizes of the same kind', () => {
    const keys = [
      [160, 31, 9],
      [333, 120, 40],
    ].map(([m, n, k]) => {
      const product = productOf(...matrices(m, n, k))
      const { phases } = lowerContract(product.spec, { relaxed: true, threads: 1 }, biasAndGelu(product))
      return phases.map(({ key }) => key)
    })
    expect(keys[0]).toEqual(keys[1])
  })

  test('is not added to what is there', () => {
    const product = productOf(...matrices(5, 6, 7))
    const options = { relaxed: true, threads: 1, accumulate: true }
    expect(() => lowerContract(product.spec, options, biasAndGelu(product))).toThrow(
      'lowerContract: epilogue must not be given with accumulate, got both',
    )
  })
})
