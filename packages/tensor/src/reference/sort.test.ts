import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DType } from '../dtype.ts'
import {
  elementsOf,
  floatOperands,
  floats,
  indices,
  numbers,
  operand,
  runKernel,
  runKernelExactly,
} from './__fixtures__/run-kernel.ts'
import type { KernelOperand } from './kernel-function.ts'

const { NaN: nan, POSITIVE_INFINITY: inf, NEGATIVE_INFINITY: minusInf } = Number

const argsort = (x: KernelOperand, dim: number, descending = false): number[] =>
  runKernel({ kind: 'argsort', dim, descending }, 'int32', x.map.shape, [x])

const line = (values: number[], dtype: DType = 'float32'): KernelOperand => operand(values, dtype, [values.length])

/** Stable order with NaN above everything and both zeros alike. */
function orderOf(values: readonly number[], descending: boolean): number[] {
  const compare = (a: number, b: number): number => {
    if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b))
    return a === b ? 0 : a < b ? -1 : 1
  }
  const sign = descending ? -1 : 1
  return values.map((_, k) => k).sort((i, j) => sign * compare(values[i], values[j]) || i - j)
}

describe('argsort', () => {
  it('ties keep their order both ways', () => {
    const values = [3, 1, 3, 1, 2]
    expect(argsort(line(values), 0)).toEqual([1, 3, 4, 0, 2])
    expect(argsort(line(values), 0, true)).toEqual([0, 2, 4, 1, 3])
  })

  it('NaN is the greatest and the zeros are equal', () => {
    const values = [0, nan, -0, inf, minusInf, nan, -1]
    expect(argsort(line(values), 0)).toEqual([4, 6, 0, 2, 3, 1, 5])
    expect(argsort(line(values), 0, true)).toEqual([1, 5, 3, 0, 2, 6, 4])
  })

  it('a NaN with its sign bit set is as great as any', () => {
    const bits = Uint32Array.of(0xffc00000, 0x7f800000, 0x7fc00001)
    expect(argsort(operand(new Float32Array(bits.buffer), 'float32', [3]), 0)).toEqual([1, 0, 2])
  })

  it('along any dim of any operand', () => {
    const cases = fc
      .array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 3 })
      .chain(shape => fc.tuple(floatOperands(shape), fc.nat(shape.length - 1), fc.boolean()))
    fc.assert(
      fc.property(cases, ([x, dim, descending]) => {
        const values = elementsOf(x)
        const all = indices(x.map.shape)
        const expected = new Array<number>(values.length)
        all.forEach((start, at) => {
          if (start[dim] !== 0) return
          const places = all.flatMap((other, k) => (other.every((i, d) => d === dim || i === all[at][d]) ? [k] : []))
          const order = orderOf(
            places.map(k => values[k]),
            descending,
          )
          places.forEach((place, k) => {
            expected[place] = order[k]
          })
        })
        expect(argsort(x, dim, descending)).toEqual(expected)
      }),
    )
  })

  it.each([39, 40, 41, 257, 3000])('lines of %i elements with many ties', n => {
    for (const scale of [1, 1e3, 1e30]) {
      const values = numbers(n, -9, 9).map(x => Math.fround(Math.round(x) * scale))
      expect(argsort(line(values), 0)).toEqual(orderOf(values, false))
      expect(argsort(line(values), 0, true)).toEqual(orderOf(values, true))
    }
  })

  it('lines of random floats', () => {
    const list = fc.array(floats, { minLength: 30, maxLength: 60 })
    fc.assert(
      fc.property(list, fc.boolean(), (values, descending) => {
        expect(argsort(line(values), 0, descending)).toEqual(orderOf(values, descending))
      }),
    )
  })

  it.each([
    ['int32', [2 ** 31 - 1, -(2 ** 31), 0, -1, 5]],
    ['uint8', [255, 0, 128, 127, 5]],
    ['int8', [127, -128, 0, -1, 5]],
    ['bool', [1, 0, 1, 0, 0]],
  ] as [DType, number[]][])('%s', (dtype, values) => {
    const long = Array.from({ length: 100 }, (_, k) => values[(k * 7) % 5])
    for (const list of [values, long])
      for (const descending of [false, true])
        expect(argsort(line(list, dtype), 0, descending)).toEqual(orderOf(list, descending))
  })

  it('an exact run orders what float32 cannot tell apart', () => {
    const x = operand(Float64Array.of(1 + 1e-12, 1, nan, 1 - 1e-12, 1), 'float32', [5])
    const order = (descending: boolean): number[] =>
      runKernelExactly({ kind: 'argsort', dim: 0, descending }, 'int32', [5], [x])
    expect(order(false)).toEqual([3, 1, 4, 0, 2])
    expect(order(true)).toEqual([2, 0, 1, 4, 3])
  })
})
