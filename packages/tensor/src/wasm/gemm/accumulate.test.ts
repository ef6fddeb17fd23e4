import { describe, expect, test } from 'vitest'
import { matrices, type Product, productOf, run, stackOf } from './__fixtures__/product.ts'
import { oneByOne } from './__fixtures__/run.ts'

const cases: readonly (readonly [string, Product])[] = [
  ['a few rows', productOf(...matrices(2, 300, 200))],
  ['a few rows by transposed columns', productOf(...matrices(3, 130, 70, { transposeB: true }))],
  ['a few columns', productOf(...matrices(70, 4, 130))],
  ['one number', productOf(...matrices(1, 1, 600))],
  ['edges', productOf(...matrices(13, 19, 5))],
  ['packed columns', productOf(...matrices(150, 40, 30))],
  ['a stack', stackOf(3, 9, 10, 11)],
]

describe('accumulate', () => {
  test.each(cases)('adds the product to what is there: %s', (_, product) => {
    for (const relaxed of [false, true]) {
      const plain = run(product, { relaxed })
      const before = Float32Array.from(plain, (_, i) => Math.fround(Math.cos(i)))
      // One block of depth: its sum is rounded before it is added.
      const wanted = plain.map((x, i) => Math.fround(x + before[i]))
      for (const cut of [undefined, oneByOne])
        expect(run(product, { relaxed, threads: 2, cut, addTo: before })).toEqual(wanted)
    }
  })

  test('blocks of depth make up the whole product', () => {
    const [a, b] = matrices(20, 30, 1024)
    const whole = productOf(a, b)
    const part = (from: number): Product => {
      const access = (operand: typeof whole.spec.a) => ({
        ...operand,
        offset: operand.offset + from * operand.depth[0].stride,
        depth: [{ size: 512, stride: operand.depth[0].stride }],
      })
      return { ...whole, spec: { ...whole.spec, a: access(whole.spec.a), b: access(whole.spec.b) } }
    }
    expect(run(part(512), { addTo: run(part(0)) })).toEqual(run(whole))
  })

  test('integers wrap', () => {
    const product = productOf(...matrices(5, 9, 7), 'int32', ['int8', 'int8'])
    const before = new Int32Array(45).fill(2 ** 31 - 1)
    expect(run(product, { addTo: before })).toEqual((run(product) as Int32Array).map(x => (x + 2 ** 31 - 1) | 0))
  })

  test('without depth nothing changes', () => {
    const before = Float32Array.from({ length: 6 }, (_, i) => i - 2)
    expect(run(productOf(...matrices(2, 3, 0)), { addTo: before })).toEqual(before)
  })
})
