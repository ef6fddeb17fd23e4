import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DType } from '../../dtype.ts'
import { contiguousStrides } from '../../shape.ts'
import { expectAgreement } from './__fixtures__/expect-agreement.ts'
import { GroupBuilder } from './__fixtures__/group-builder.ts'
import { runGroup } from './__fixtures__/run-group.ts'
import { lowerGroup } from './lower-group.ts'

/** Ends of vectors, of unrolled loops and of everything. */
const sizes = [...Array(21).keys(), 1023, 1024, 1025, 1030, 2049]
const dtypes: DType[] = ['float32', 'float16', 'int32', 'uint8', 'int8', 'bool']

describe('a pointwise kernel', () => {
  test.each(sizes)('computes %i elements', n => {
    const g = new GroupBuilder([n])
    const x = g.load('float32')
    g.store(g.binary('add', g.binary('mul', x, g.load('float32')), g.constant('float32', 0.5)))
    expectAgreement(g, { cuts: [undefined, 7, 500] })
  })

  test.each(dtypes)('moves %s', dtype => {
    for (const n of [1, 4, 6, 9, 131]) {
      const g = new GroupBuilder([n])
      g.store(g.load(dtype))
      g.store(g.load(dtype, { strides: [-1], offset: n - 1 }))
      g.store(g.load(dtype, { strides: [3], offset: 2 }))
      g.store(g.load(dtype, { strides: [0], offset: 5 }))
      expectAgreement(g)
    }
  })

  test.each(dtypes)('casts %s to every dtype', from => {
    const g = new GroupBuilder([2, 9])
    const x = g.load(from, { strides: [1, 2], offset: 0 })
    for (const to of dtypes) g.store(g.cast(to, x))
    expectAgreement(g)
  })

  test('reads any strides over any rank', () => {
    const dim = fc.integer({ min: 0, max: 6 })
    const stride = fc.integer({ min: 0, max: 9 })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(dim, stride, stride), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 9 }),
        (dims, cut) => {
          const g = new GroupBuilder(dims.map(([size]) => size))
          const a = g.load('float32', { strides: dims.map(([, s]) => s), offset: 3 })
          const b = g.load('int8', { strides: dims.map(([, , s]) => s), offset: 0 })
          g.store(g.binary('sub', g.binary('mul', a, g.load('float32')), g.cast('float32', b)))
          g.store(g.binary('greater', a, g.constant('float32', 0), 'bool'))
          expectAgreement(g, { cuts: [undefined, cut] })
        },
      ),
      { numRuns: 60, seed: 3 },
    )
  })

  test('goes backwards', () => {
    const g = new GroupBuilder([3, 5])
    g.store(
      g.load(
        'float32',
        { strides: [-5, -1], offset: 14 },
        g.buffer(
          'float32',
          Float32Array.from({ length: 15 }, (_, i) => i),
        ),
      ),
    )
    expectAgreement(g)
  })

  test('may write over an operand that it reads in the same order', () => {
    for (const n of [3, 16, 37]) {
      const g = new GroupBuilder([n])
      const out = g.binary('mul', g.load('float32'), g.load('float32'))
      const buffer = g.store(out)
      expectAgreement(g, { inPlace: { [buffer]: 0 } })
    }
  })

  test('takes numbers when it runs', () => {
    const g = new GroupBuilder([5])
    const [a, b, c] = [g.slot(), g.slot(), g.slot()]
    g.store(g.binary('mul', g.load('float32'), g.scalar('float32', a)))
    g.store(g.binary('add', g.load('int32'), g.scalar('int32', b)))
    g.store(g.binary('logicalXor', g.load('bool'), g.scalar('bool', c)))
    expectAgreement(g, { slots: [-2.5, 7, 1] })
  })

  test('knows numbers that are no finite ones', () => {
    const g = new GroupBuilder([6])
    for (const value of [-0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
      g.store(g.binary('mul', g.load('float32'), g.constant('float32', value)))
    expectAgreement(g)
  })

  test('rounds every float16 result', () => {
    const g = new GroupBuilder([40])
    const x = g.load('float16')
    const y = g.binary('mul', x, x)
    g.store(g.binary('sub', g.binary('mul', y, y), y))
    expectAgreement(g)
  })
})

describe('equal keys', () => {
  const build = (space: number[], strides = contiguousStrides(space)) => {
    const g = new GroupBuilder(space)
    g.store(g.unary('neg', g.load('float32', { strides, offset: 0 })))
    return g
  }
  const keyOf = (g: GroupBuilder) => lowerGroup(g.build(), { relaxed: false }).phases[0].key

  test('stand for code that does not depend on sizes, strides and offsets', () => {
    expect(keyOf(build([7]))).toBe(keyOf(build([3, 4, 5])))
    expect(keyOf(build([7, 3], [1, 14]))).toBe(keyOf(build([2, 3], [5, 99])))
  })

  test('differ by pattern, by dtype of SIMD and by function', () => {
    const keys = [build([6]), build([6], [2]), build([6], [0]), build([2, 3], [7, 1])].map(keyOf)
    expect(new Set(keys).size).toBe(4)
    const [plain, relaxed] = [false, true].map(r => lowerGroup(build([6]).build(), { relaxed: r }).phases[0].key)
    expect(plain).not.toBe(relaxed)
  })

  test('name constants exactly', () => {
    const withConstant = (value: number) => {
      const g = new GroupBuilder([3])
      g.store(g.binary('add', g.load('float32'), g.constant('float32', value)))
      return g
    }
    const keys = [0, -0, Number.NaN, 1.5].map(value => keyOf(withConstant(value)))
    expect(new Set(keys).size).toBe(4)
  })
})

test('units are elements, none for an empty space', () => {
  const units = (space: number[]) => {
    const g = new GroupBuilder(space)
    g.store(g.load('float32'))
    return lowerGroup(g.build(), { relaxed: false }).phases[0].units
  }
  expect([units([3, 5]), units([]), units([4, 0])]).toEqual([15, 1, 0])
})

test('a call without units does nothing', () => {
  const g = new GroupBuilder([0, 3])
  g.store(g.load('float32'))
  expect(runGroup(g.build(), g.data).buffers[1]).toHaveLength(0)
})
