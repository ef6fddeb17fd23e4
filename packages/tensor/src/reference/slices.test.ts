import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  elementsOf,
  floatOperands,
  indices,
  numbers,
  operand,
  runKernel,
  runKernelExactly,
} from './__fixtures__/run-kernel.ts'
import type { KernelOperand } from './kernel-function.ts'

const flat = (index: readonly number[], shape: readonly number[]): number =>
  index.reduce((at, i, d) => at * shape[d] + i, 0)

const take = (x: KernelOperand, index: KernelOperand, dim: number): number[] => {
  const shape = x.map.shape.with(dim, index.map.shape[0])
  return runKernel({ kind: 'take', dim, op: 'embedding' }, x.dtype, shape, [x, index])
}

const put = (
  f: 'add' | 'set',
  base: KernelOperand,
  index: KernelOperand,
  source: KernelOperand,
  dim: number,
): number[] => runKernel({ kind: 'put', f, dim, op: 'indexAdd' }, base.dtype, base.map.shape, [base, index, source])

/** A shape, one of its dims and an index into it. */
const indexed = fc
  .array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 })
  .chain(shape => fc.tuple(fc.constant(shape), fc.nat(shape.length - 1)))
  .chain(([shape, dim]) =>
    fc.tuple(fc.constant(shape), fc.constant(dim), fc.array(fc.nat(shape[dim] - 1), { maxLength: 8 })),
  )

const small = fc.integer({ min: -5, max: 5 })

describe('take', () => {
  it('copies slices along any dim of any operand', () => {
    const cases = indexed.chain(([shape, dim, list]) =>
      fc.tuple(floatOperands(shape), fc.constant(dim), fc.constant(list)),
    )
    fc.assert(
      fc.property(cases, ([x, dim, list]) => {
        const values = elementsOf(x)
        const shape = x.map.shape.with(dim, list.length)
        const expected = indices(shape).map(at => values[flat(at.with(dim, list[at[dim]]), x.map.shape)])
        expect(take(x, operand(list, 'int32', [list.length]), dim)).toEqual(expected)
      }),
    )
  })

  it('copies long rows, and reads a strided uint8 index', () => {
    const x = operand(numbers(5 * 100), 'float32', [5, 100])
    const index = operand([4, 9, 0, 9, 4], 'uint8', [3], { strides: [2] })
    const row = (r: number): number[] => Array.from(x.data.subarray(r * 100, r * 100 + 100))
    expect(take(x, index, 0)).toEqual([...row(4), ...row(0), ...row(4)])
  })

  it.each([3, -1])('refuses index %i of 3', bad => {
    expect(() => take(operand([1, 2, 3], 'float32', [3]), operand([0, bad], 'int32', [2]), 0)).toThrow(
      `embedding: index ${bad} is out of range for dim 0 with size 3`,
    )
  })
})

describe('put', () => {
  it.each(['add', 'set'] as const)('%s slices along any dim of any operand', f => {
    const cases = indexed.chain(([shape, dim, list]) =>
      fc.tuple(
        floatOperands(shape, small),
        floatOperands(shape.with(dim, list.length), small),
        fc.constant(dim),
        fc.constant(list),
      ),
    )
    fc.assert(
      fc.property(cases, ([base, source, dim, list]) => {
        const out = elementsOf(base)
        const values = elementsOf(source)
        indices(source.map.shape).forEach((at, k) => {
          const place = flat(at.with(dim, list[at[dim]]), base.map.shape)
          out[place] = f === 'add' ? out[place] + values[k] : values[k]
        })
        const got = put(f, base, operand(list, 'int32', [list.length]), source, dim)
        expect(got.map(v => v + 0)).toEqual(out.map(v => v + 0))
      }),
    )
  })

  it('sums of many slices are rounded once', () => {
    const n = 50_000
    const source = operand(new Float32Array(n * 2).fill(1e-6), 'float32', [n, 2])
    const base = operand([1, 2, 3, 4], 'float32', [2, 2])
    const got = put('add', base, operand(new Int32Array(n).fill(1), 'int32', [n]), source, 0)
    const small = n * Math.fround(1e-6)
    expect(got).toEqual([1, 2, Math.fround(3 + small), Math.fround(4 + small)])
  })

  it('adds to a base that is one repeated zero', () => {
    const base = operand([0], 'float32', [3, 100], { strides: [0, 0] })
    const source = operand(numbers(300), 'float32', [3, 100])
    const got = put('add', base, operand([2, 0, 2], 'int32', [3]), source, 0)
    const [first, second, third] = [0, 100, 200].map(at => Array.from(source.data.subarray(at, at + 100)))
    expect(got).toEqual([...second, ...new Array(100).fill(0), ...first.map((v, k) => Math.fround(v + third[k]))])
  })

  it('integers wrap and bools are or', () => {
    const index = operand([0, 0], 'int32', [2])
    expect(put('add', operand([2 ** 31 - 1], 'int32', [1]), index, operand([1, 1], 'int32', [2]), 0)).toEqual([
      -(2 ** 31) + 1,
    ])
    expect(put('add', operand([200], 'uint8', [1]), index, operand([50, 50], 'uint8', [2]), 0)).toEqual([44])
    expect(put('add', operand([1, 0], 'bool', [2]), index, operand([1, 1], 'bool', [2]), 0)).toEqual([1, 0])
  })

  it('rounds nothing in an exact run', () => {
    const operands = [
      operand(Float64Array.of(0.1, 7), 'float32', [2]),
      operand([0], 'int32', [1]),
      operand(Float64Array.of(0.2), 'float32', [1]),
    ]
    expect(runKernelExactly({ kind: 'put', f: 'add', dim: 0, op: 'p' }, 'float32', [2], operands)).toEqual([
      0.1 + 0.2,
      7,
    ])
  })

  it.each([2, -1])('refuses index %i of 2', bad => {
    const base = operand([1, 2], 'float32', [2])
    expect(() => put('add', base, operand([bad], 'int32', [1]), operand([1], 'float32', [1]), 0)).toThrow(
      `indexAdd: index ${bad} is out of range for dim 0 with size 2`,
    )
  })

  it('refuses an index into an empty dim', () => {
    const base = operand([], 'float32', [0, 2])
    expect(() => put('set', base, operand([0], 'int32', [1]), operand([1, 1], 'float32', [1, 2]), 0)).toThrow(
      'indexAdd: index 0 is out of range for dim 0 with size 0',
    )
  })
})
