import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DType } from '../dtype.ts'
import type { ReduceName } from '../graph/node.ts'
import {
  elementsOf,
  floatOperands,
  floats,
  indices,
  numbers,
  operand,
  runKernel,
  runKernelExactly,
  shapes,
} from './__fixtures__/run-kernel.ts'
import type { KernelOperand } from './kernel-function.ts'

const { NaN: nan, POSITIVE_INFINITY: inf, NEGATIVE_INFINITY: minusInf } = Number

function run(f: ReduceName, x: KernelOperand, dims: readonly number[], dtype: DType = x.dtype): number[] {
  const shape = x.map.shape.filter((_, d) => !dims.includes(d))
  return runKernel({ kind: 'reduce', f, dims }, dtype, shape, [x])
}

/** The elements that belong to each result, in row-major order. */
function grouped(x: KernelOperand, dims: readonly number[]): number[][] {
  const values = elementsOf(x)
  const kept = indices(x.map.shape.filter((_, d) => !dims.includes(d)))
  const groups = new Map(kept.map(index => [index.join(), [] as number[]]))
  indices(x.map.shape).forEach((index, k) => {
    groups.get(index.filter((_, d) => !dims.includes(d)).join())?.push(values[k])
  })
  return kept.map(index => groups.get(index.join()) as number[])
}

/** An operand of values without rounding trouble, and some of its dims. */
const cases = (values: fc.Arbitrary<number>): fc.Arbitrary<[KernelOperand, number[]]> =>
  shapes(4).chain(shape => fc.tuple(floatOperands(shape, values), fc.subarray(shape.map((_, d) => d))))

describe('sum, prod, max and min', () => {
  it.each([
    ['sum', (list: number[]) => list.reduce((a, b) => a + b, 0)],
    ['prod', (list: number[]) => list.reduce((a, b) => a * b, 1)],
    ['max', (list: number[]) => Math.max(...list)],
    ['min', (list: number[]) => Math.min(...list)],
  ] as [ReduceName, (list: number[]) => number][])('%s over any dims of any operand', (f, fold) => {
    fc.assert(
      fc.property(cases(fc.constantFrom(-2, -1, 0, 1, 2, 4)), ([x, dims]) => {
        const expected = Array.from(Float32Array.from(grouped(x, dims).map(fold)), v => v + 0)
        expect(run(f, x, dims).map(v => v + 0)).toEqual(expected)
      }),
    )
  })

  it.each(Array.from({ length: 21 }, (_, n) => n))('sum of %i elements, along rows and along columns', n => {
    const values = numbers(3 * n)
    const exact = (list: number[]): number => Math.fround(list.reduce((a, b) => a + b, 0))
    const rows = operand(values, 'float32', [3, n])
    expect(run('sum', rows, [1])).toEqual(grouped(rows, [1]).map(exact))
    const columns = operand(values, 'float32', [n, 3])
    expect(run('sum', columns, [0])).toEqual(grouped(columns, [0]).map(exact))
  })

  it('an empty dim gives the identity', () => {
    const x = operand([], 'float32', [2, 0])
    expect(run('sum', x, [1])).toEqual([0, 0])
    expect(run('prod', x, [1])).toEqual([1, 1])
    expect(run('sum', x, [0])).toEqual([])
    expect(run('sum', x, [0, 1])).toEqual([0])
    expect(run('any', operand([], 'bool', [0]), [0])).toEqual([0])
    expect(run('all', operand([], 'bool', [0]), [0])).toEqual([1])
  })

  it('max and min take NaN and infinities', () => {
    const x = operand([1, nan, 3, minusInf, inf, 2, minusInf, minusInf, minusInf], 'float32', [3, 3])
    expect(run('max', x, [1])).toEqual([nan, inf, minusInf])
    expect(run('min', x, [1])).toEqual([nan, minusInf, minusInf])
    expect(run('max', x, [0])).toEqual([1, nan, 3])
  })

  it('long sums keep small terms', () => {
    const n = 1 << 20
    const x = operand(new Float32Array(n).fill(0.1), 'float32', [n])
    expect(run('sum', x, [0])).toEqual([Math.fround(n * Math.fround(0.1))])
    const table = operand(x.data, 'float32', [n / 4, 4])
    expect(run('sum', table, [0])).toEqual(new Array(4).fill(Math.fround((n / 4) * Math.fround(0.1))))
  })

  it('integers wrap and bools are or and and', () => {
    expect(run('sum', operand([2 ** 31 - 1, 1, 5], 'int32', [3]), [0])).toEqual([-(2 ** 31) + 5])
    expect(run('prod', operand([123456789, 987654321], 'int32', [2]), [0])).toEqual([Math.imul(123456789, 987654321)])
    expect(run('max', operand([3, -7, 5], 'int8', [3]), [0])).toEqual([5])
    expect(run('sum', operand([1, 1, 0, 0], 'bool', [2, 2]), [1])).toEqual([1, 0])
    expect(run('prod', operand([1, 1, 1, 0], 'bool', [2, 2]), [1])).toEqual([1, 0])
  })

  it('a large sum of integers is exact modulo 2^32', () => {
    const n = 3000
    const x = operand(new Int32Array(n).fill(2 ** 31 - 1), 'int32', [n])
    expect(run('sum', x, [0])).toEqual([Number(BigInt.asIntN(32, BigInt(n) * (2n ** 31n - 1n)))])
  })

  it('rounds nothing in an exact run', () => {
    const x = operand(Float64Array.of(0.1, 0.2, 1e-12), 'float32', [3])
    expect(runKernelExactly({ kind: 'reduce', f: 'sum', dims: [0] }, 'float32', [], [x])[0]).toBeCloseTo(
      0.3 + 1e-12,
      15,
    )
  })
})

describe('any and all', () => {
  it('look at whether elements are zero; NaN is not', () => {
    const x = operand([0, 0, 0, nan, 1, 2], 'float32', [3, 2])
    expect(run('any', x, [1], 'bool')).toEqual([0, 1, 1])
    expect(run('all', x, [1], 'bool')).toEqual([0, 0, 1])
  })
})

describe('argmax and argmin', () => {
  const first =
    (better: (a: number, b: number) => boolean) =>
    (list: number[]): number => {
      const hole = list.findIndex(Number.isNaN)
      if (hole >= 0) return hole
      return list.reduce((best, value, k) => (better(value, list[best]) ? k : best), 0)
    }

  it.each([
    ['argmax', first((a, b) => a > b)],
    ['argmin', first((a, b) => a < b)],
  ] as [ReduceName, (list: number[]) => number][])('%s: lowest position among ties, first NaN over all', (f, find) => {
    const values = fc.oneof(fc.constantFrom(1, 2, nan, 0, -0), floats)
    fc.assert(
      fc.property(cases(values), ([x, dims]) => {
        const groups = grouped(x, dims)
        fc.pre(groups.every(group => group.length > 0))
        expect(run(f, x, dims, 'int32')).toEqual(groups.map(find))
      }),
    )
  })

  it('counts positions over several dims in row-major order', () => {
    const x = operand([1, 9, 3, 9, 5, 6, 7, 8], 'int32', [2, 2, 2])
    expect(run('argmax', x, [0, 2], 'int32')).toEqual([1, 1])
    expect(run('argmax', x, [0, 1, 2], 'int32')).toEqual([1])
  })

  it('ties and NaNs over several dims do not depend on how they are walked', () => {
    const walked = (values: number[]): KernelOperand => operand(values, 'float32', [20, 2], { strides: [1, 20] })
    const ties = new Array<number>(40).fill(0)
    ties[5] = 1
    ties[23] = 1
    const holes = ties.map(x => (x === 1 ? nan : x))
    for (const x of [walked(ties), walked(holes)]) {
      expect(run('argmax', x, [0, 1], 'int32')).toEqual([7])
      expect(elementsOf(x).findIndex(v => v !== 0)).toBe(7)
    }
  })

  it('equal infinities are ties', () => {
    expect(run('argmax', operand([minusInf, minusInf], 'float32', [2]), [0], 'int32')).toEqual([0])
    expect(run('argmin', operand([inf, inf], 'float32', [2]), [0], 'int32')).toEqual([0])
  })
})
