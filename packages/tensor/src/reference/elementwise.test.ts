import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DType } from '../dtype.ts'
import type { BinaryName, UnaryName } from '../graph/node.ts'
import {
  elementsOf,
  floatOperands,
  numbers,
  operand,
  runKernel,
  runKernelExactly,
  shapes,
} from './__fixtures__/run-kernel.ts'
import { binaryFunction } from './binary-functions.ts'
import { unaryFunctions } from './unary-functions.ts'

const { NaN: nan, POSITIVE_INFINITY: inf, NEGATIVE_INFINITY: minusInf } = Number
const rounded = (values: readonly number[]): number[] => Array.from(Float32Array.from(values))
const unary = (f: UnaryName, dtype: DType, values: number[]): number[] =>
  runKernel({ kind: 'unary', f }, dtype, [values.length], [operand(values, dtype, [values.length])])
const binary = (f: BinaryName, dtype: DType, a: number[], b: number[]): number[] =>
  runKernel({ kind: 'binary', f }, dtype, [a.length], [operand(a, dtype, [a.length]), operand(b, dtype, [b.length])])

describe('unary', () => {
  it.each(['exp', 'neg', 'sin', 'round', 'expm1'] as const)('%s of strided operands', f => {
    fc.assert(
      fc.property(
        shapes(4).chain(shape => floatOperands(shape)),
        x => {
          const expected = rounded(elementsOf(x).map(unaryFunctions[f]))
          expect(runKernel({ kind: 'unary', f }, 'float32', x.map.shape, [x])).toEqual(expected)
        },
      ),
      { numRuns: 50 },
    )
  })

  it('integers wrap', () => {
    expect(unary('neg', 'int32', [-(2 ** 31), 5])).toEqual([-(2 ** 31), -5])
    expect(unary('abs', 'int32', [-(2 ** 31), -5])).toEqual([-(2 ** 31), 5])
    expect(unary('abs', 'int8', [-128, -5])).toEqual([-128, 5])
    expect(unary('neg', 'uint8', [0, 5])).toEqual([0, 251])
    expect(unary('bitwiseNot', 'uint8', [0, 5])).toEqual([255, 250])
    expect(unary('bitwiseNot', 'int8', [0, 5])).toEqual([-1, -6])
    expect(unary('bitwiseNot', 'bool', [0, 1])).toEqual([1, 0])
    expect(unary('logicalNot', 'bool', [0, 1])).toEqual([1, 0])
  })

  it('predicates of floats give bools', () => {
    const x = operand([nan, 0, 1, inf], 'float32', [4])
    const run = (f: UnaryName): number[] => runKernel({ kind: 'unary', f }, 'bool', [4], [x])
    expect([run('isnan'), run('logicalNot'), run('isinf')]).toEqual([
      [1, 0, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 0, 1],
    ])
  })

  it('float16 results are rounded to a half', () => {
    expect(unary('reciprocal', 'float16', [3, 1e-5])).toEqual([0.333251953125, inf])
  })

  it('rounds nothing in an exact run', () => {
    const x = operand(Float64Array.of(0.1, 1 / 3), 'float32', [2])
    expect(runKernelExactly({ kind: 'unary', f: 'exp' }, 'float32', [2], [x])).toEqual([Math.exp(0.1), Math.exp(1 / 3)])
  })
})

describe('binary', () => {
  it.each(['add', 'div', 'maximum', 'less', 'pow', 'atan2'] as const)('%s of strided operands', f => {
    const cases = shapes(4).chain(shape => fc.tuple(floatOperands(shape), floatOperands(shape)))
    const dtype = f === 'less' ? 'bool' : 'float32'
    fc.assert(
      fc.property(cases, ([a, b]) => {
        const other = elementsOf(b)
        const expected = elementsOf(a).map((x, k) => binaryFunction(f, 'float32')(x, other[k]))
        const got = runKernel({ kind: 'binary', f }, dtype, a.map.shape, [a, b])
        expect(got).toEqual(dtype === 'bool' ? expected : rounded(expected))
      }),
      { numRuns: 50 },
    )
  })

  it('broadcasts rows, columns and numbers of long operands', () => {
    const a = operand(numbers(60 * 50), 'float32', [60, 50])
    for (const strides of [
      [0, 1],
      [1, 0],
      [0, 0],
    ]) {
      const b = operand(numbers(60), 'float32', [60, 50], { strides })
      const other = elementsOf(b)
      const expected = rounded(elementsOf(a).map((x, k) => x * other[k]))
      expect(runKernel({ kind: 'binary', f: 'mul' }, 'float32', [60, 50], [a, b])).toEqual(expected)
      expect(runKernel({ kind: 'binary', f: 'mul' }, 'float32', [60, 50], [b, a])).toEqual(expected)
    }
  })

  it('integers wrap to their width', () => {
    expect(binary('add', 'int32', [2 ** 31 - 1], [1])).toEqual([-(2 ** 31)])
    expect(binary('mul', 'int32', [123456789], [987654321])).toEqual([Math.imul(123456789, 987654321)])
    expect(binary('add', 'uint8', [250], [10])).toEqual([4])
    expect(binary('sub', 'uint8', [3], [5])).toEqual([254])
    expect(binary('mul', 'int8', [100], [3])).toEqual([44])
    expect(binary('pow', 'uint8', [3, 2], [6, 8])).toEqual([217, 0])
  })

  it('shifts know the width of the dtype', () => {
    expect(binary('shiftLeft', 'uint8', [1, 1, 255], [7, 8, 31])).toEqual([128, 0, 0])
    expect(binary('shiftLeft', 'int8', [1, 1, 1], [7, 8, -1])).toEqual([-128, 0, 0])
    expect(binary('shiftRight', 'uint8', [255, 255, 255], [4, 8, 200])).toEqual([15, 0, 0])
    expect(binary('shiftRight', 'int8', [-128, -128, 64], [3, 100, -1])).toEqual([-16, -1, 0])
  })

  it('bools add to or and multiply to and', () => {
    expect(binary('add', 'bool', [0, 1, 1], [0, 0, 1])).toEqual([0, 1, 1])
    expect(binary('mul', 'bool', [0, 1, 1], [0, 0, 1])).toEqual([0, 0, 1])
    expect(binary('logicalAnd', 'bool', [0, 1, 1], [0, 0, 1])).toEqual([0, 0, 1])
    expect(binary('logicalXor', 'bool', [0, 1, 1], [0, 0, 1])).toEqual([0, 1, 0])
  })

  it('comparing integers gives bools', () => {
    const a = operand([1, 2, 3], 'int32', [3])
    const b = operand([2], 'int32', [3], { strides: [0] })
    expect(runKernel({ kind: 'binary', f: 'greater' }, 'bool', [3], [a, b])).toEqual([0, 0, 1])
  })

  it('rounds nothing in an exact run', () => {
    const a = operand(Float64Array.of(0.1), 'float32', [1])
    const b = operand(Float64Array.of(0.2), 'float32', [1])
    expect(runKernelExactly({ kind: 'binary', f: 'add' }, 'float32', [1], [a, b])).toEqual([0.1 + 0.2])
  })
})

describe('select', () => {
  it('takes the branch that the condition names', () => {
    const cases = shapes(3).chain(shape =>
      fc.tuple(floatOperands(shape), floatOperands(shape), floatOperands(shape, fc.constantFrom(0, 1))),
    )
    fc.assert(
      fc.property(cases, ([a, b, condition]) => {
        const c = { ...condition, dtype: 'bool' as const, data: Uint8Array.from(condition.data) }
        const [x, y] = [elementsOf(a), elementsOf(b)]
        const expected = elementsOf(c).map((truth, k) => (truth ? x[k] : y[k]))
        expect(runKernel({ kind: 'select' }, 'float32', a.map.shape, [c, a, b])).toEqual(expected)
      }),
      { numRuns: 50 },
    )
  })

  it('works for every dtype and leaves halves as they are', () => {
    const condition = operand([1, 0], 'bool', [2])
    for (const dtype of ['int32', 'uint8', 'int8', 'bool', 'float16'] as const) {
      const got = runKernel(
        { kind: 'select' },
        dtype,
        [2],
        [condition, operand([1, 1], dtype, [2]), operand([0, 0], dtype, [2])],
      )
      expect(got).toEqual([1, 0])
    }
  })
})

describe('cast', () => {
  const cast = (from: DType, to: DType, values: number[]): number[] =>
    runKernel({ kind: 'cast' }, to, [values.length], [operand(values, from, [values.length])])
  const wide = [nan, inf, minusInf, 3e9, -3e9, 2.9, -2.9, -0.5, 0]

  it.each([
    ['float32', 'int32', wide, [0, 2 ** 31 - 1, -(2 ** 31), 2 ** 31 - 1, -(2 ** 31), 2, -2, 0, 0]],
    ['float32', 'uint8', wide, [0, 255, 0, 255, 0, 2, 0, 0, 0]],
    ['float32', 'int8', wide, [0, 127, -128, 127, -128, 2, -2, 0, 0]],
    ['float32', 'bool', wide, [1, 1, 1, 1, 1, 1, 1, 1, 0]],
    ['int32', 'uint8', [256, 257, -1, 300], [0, 1, 255, 44]],
    ['int32', 'int8', [200, 128, -129], [-56, -128, 127]],
    ['uint8', 'int8', [200, 5], [-56, 5]],
    ['int8', 'uint8', [-56, 5], [200, 5]],
    ['int32', 'bool', [0, 256, -3], [0, 1, 1]],
    ['int32', 'float32', [16777217, -5], [16777216, -5]],
    ['bool', 'float32', [0, 1], [0, 1]],
    ['bool', 'int32', [0, 1], [0, 1]],
    [
      'float32',
      'float16',
      [65519, 65520, -65520, 2049, 2051, 2 ** -24, 2 ** -25, 3 * 2 ** -26, nan, -0],
      [65504, inf, minusInf, 2048, 2052, 2 ** -24, 0, 2 ** -24, nan, -0],
    ],
    ['float16', 'float32', [0.5, -0], [0.5, -0]],
  ] as [DType, DType, number[], number[]][])('%s to %s', (from, to, values, expected) => {
    expect(cast(from, to, values)).toEqual(expected)
  })

  it('of long and of strided operands', () => {
    const mask = operand(
      numbers(5000).map(x => Number(x > 0)),
      'bool',
      [50, 100],
      { strides: [1, 50] },
    )
    expect(runKernel({ kind: 'cast' }, 'float32', [50, 100], [mask])).toEqual(elementsOf(mask))
    const x = operand(numbers(200, -50, 50), 'float32', [10, 20], { strides: [1, 10] })
    expect(runKernel({ kind: 'cast' }, 'int32', [10, 20], [x])).toEqual(elementsOf(x).map(v => Math.trunc(v) + 0))
  })

  it('rounds no float in an exact run but still makes integers', () => {
    const x = operand(Float64Array.of(0.1, 2.7), 'float32', [2])
    expect(runKernelExactly({ kind: 'cast' }, 'float16', [2], [x])).toEqual([0.1, 2.7])
    expect(runKernelExactly({ kind: 'cast' }, 'int32', [2], [x])).toEqual([0, 2])
  })
})
