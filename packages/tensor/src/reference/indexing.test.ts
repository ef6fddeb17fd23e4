import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DType } from '../dtype.ts'
import type { ScatterName } from '../graph/node.ts'
import { elementsOf, floatOperands, indices, operand, runKernel, runKernelExactly } from './__fixtures__/run-kernel.ts'
import type { KernelOperand } from './kernel-function.ts'

const small = fc.integer({ min: -5, max: 5 })

const flat = (index: readonly number[], shape: readonly number[]): number =>
  index.reduce((at, i, d) => at * shape[d] + i, 0)

/** A shape, one of its dims, and a shape for an index that is nowhere larger than it in the other dims. */
const indexed = fc
  .array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 })
  .chain(shape => fc.tuple(fc.constant(shape), fc.nat(shape.length - 1)))
  .chain(([shape, dim]) => {
    const sizes = fc.tuple(...shape.map((size, d) => fc.integer({ min: 0, max: d === dim ? 7 : size })))
    return fc.tuple(fc.constant(shape), fc.constant(dim), sizes)
  })

const indexOperand = (shape: readonly number[], size: number): fc.Arbitrary<KernelOperand> =>
  floatOperands(shape, fc.nat(size - 1)).map(x => ({ ...x, dtype: 'int32', data: Int32Array.from(x.data) }))

const gather = (x: KernelOperand, index: KernelOperand, dim: number): number[] =>
  runKernel({ kind: 'gather', dim, op: 'gather' }, x.dtype, index.map.shape, [x, index])

describe('gather', () => {
  it('reads where the index says, of any operands', () => {
    const cases = indexed.chain(([shape, dim, sizes]) =>
      fc.tuple(floatOperands(shape), indexOperand(sizes, shape[dim]), fc.constant(dim)),
    )
    fc.assert(
      fc.property(cases, ([x, index, dim]) => {
        const [values, places] = [elementsOf(x), elementsOf(index)]
        const expected = indices(index.map.shape).map((at, k) => values[flat(at.with(dim, places[k]), x.map.shape)])
        expect(gather(x, index, dim)).toEqual(expected)
      }),
    )
  })

  it('takes uint8 indices and any dtype', () => {
    expect(gather(operand([5, 6, 7], 'int8', [3]), operand([2, 0, 0], 'uint8', [3]), 0)).toEqual([7, 5, 5])
  })

  it.each([5, 3, -1])('refuses index %i of 3', bad => {
    const x = operand([1, 2, 3, 4, 5, 6], 'float32', [2, 3])
    expect(() => gather(x, operand([0, bad], 'int32', [2, 1]), 1)).toThrow(
      `gather: index ${bad} is out of range for dim 1 with size 3`,
    )
  })

  it('names the op that asked', () => {
    const primitive = { kind: 'gather', dim: 0, op: 'topk' } as const
    const operands = [operand([1], 'float32', [1]), operand([1], 'int32', [1])]
    expect(() => runKernel(primitive, 'float32', [1], operands)).toThrow(
      'topk: index 1 is out of range for dim 0 with size 1',
    )
  })
})

const scatter = (
  f: ScatterName,
  base: KernelOperand,
  index: KernelOperand,
  source: KernelOperand,
  dim: number,
): number[] => runKernel({ kind: 'scatter', f, dim, op: 'scatter' }, base.dtype, base.map.shape, [base, index, source])

describe('scatter', () => {
  const combine = {
    set: (_: number, b: number) => b,
    add: (a: number, b: number) => a + b,
    mul: (a: number, b: number) => a * b,
    max: Math.max,
    min: Math.min,
  }

  it.each(Object.keys(combine) as ScatterName[])('%s in row-major order, of any operands', f => {
    const cases = indexed.chain(([shape, dim, sizes]) =>
      fc.tuple(
        floatOperands(shape, small),
        indexOperand(sizes, shape[dim]),
        floatOperands(sizes, small),
        fc.constant(dim),
      ),
    )
    fc.assert(
      fc.property(cases, ([base, index, source, dim]) => {
        const out = elementsOf(base)
        const [places, values] = [elementsOf(index), elementsOf(source)]
        indices(index.map.shape).forEach((at, k) => {
          const place = flat(at.with(dim, places[k]), base.map.shape)
          out[place] = combine[f](out[place], values[k])
        })
        expect(scatter(f, base, index, source, dim).map(v => v + 0)).toEqual(out.map(v => v + 0))
      }),
      { numRuns: 60 },
    )
  })

  it('the last of several wins when setting, also for a short last dim', () => {
    const n = 40
    const index = operand(new Int32Array(n), 'int32', [n / 2, 2])
    const source = operand(
      Float32Array.from({ length: n }, (_, k) => k),
      'float32',
      [n / 2, 2],
    )
    const base = operand([-1, -1, -1, -1], 'float32', [2, 2])
    expect(scatter('set', base, index, source, 0)).toEqual([n - 2, n - 1, -1, -1])
  })

  it('sums of many small terms are rounded once', () => {
    const n = 100_000
    const base = operand([1], 'float32', [1])
    const source = operand(new Float32Array(n).fill(1e-6), 'float32', [n])
    const expected = Math.fround(1 + n * Math.fround(1e-6))
    expect(scatter('add', base, operand(new Int32Array(n), 'int32', [n]), source, 0)).toEqual([expected])
  })

  it('NaN wins in max and min', () => {
    const base = operand([1, 1], 'float32', [2])
    const index = operand([0, 0, 1], 'int32', [3])
    const source = operand([Number.NaN, 5, 2], 'float32', [3])
    expect(scatter('max', base, index, source, 0)).toEqual([Number.NaN, 2])
    expect(scatter('min', base, index, source, 0)).toEqual([Number.NaN, 1])
  })

  it('integers wrap and bools are or and and', () => {
    const index = operand([0, 0], 'int32', [2])
    const run = (f: ScatterName, dtype: DType, base: number, values: number[]): number[] =>
      scatter(f, operand([base], dtype, [1]), index, operand(values, dtype, [2]), 0)
    expect(run('add', 'int32', 2 ** 31 - 1, [1, 1])).toEqual([-(2 ** 31) + 1])
    expect(run('mul', 'int32', 65537, [65537, 3])).toEqual([131073 * 3])
    expect(run('add', 'uint8', 250, [5, 5])).toEqual([4])
    expect(run('add', 'bool', 0, [1, 1])).toEqual([1])
    expect(run('mul', 'bool', 1, [1, 0])).toEqual([0])
  })

  it('rounds nothing in an exact run', () => {
    const operands = [
      operand(Float64Array.of(0.1), 'float32', [1]),
      operand([0], 'int32', [1]),
      operand(Float64Array.of(0.2), 'float32', [1]),
    ]
    expect(runKernelExactly({ kind: 'scatter', f: 'add', dim: 0, op: 's' }, 'float32', [1], operands)).toEqual([
      0.1 + 0.2,
    ])
  })

  it.each([2, -3])('refuses index %i of 2', bad => {
    const base = operand([1, 2, 3, 4], 'float32', [2, 2])
    const index = operand([0, bad], 'int32', [1, 2])
    expect(() => scatter('add', base, index, operand([1, 1], 'float32', [1, 2]), 0)).toThrow(
      `scatter: index ${bad} is out of range for dim 0 with size 2`,
    )
  })

  it('refuses any index into an empty dim', () => {
    const base = operand([], 'float32', [0])
    expect(() => scatter('set', base, operand([0], 'int32', [1]), operand([1], 'float32', [1]), 0)).toThrow(
      'scatter: index 0 is out of range for dim 0 with size 0',
    )
  })
})
