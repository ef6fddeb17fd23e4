import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DType } from '../dtype.ts'
import { elementsOf, floatOperands, numbers, operand, runKernel, runKernelExactly } from './__fixtures__/run-kernel.ts'
import type { KernelOperand } from './kernel-function.ts'

const run = (a: KernelOperand, b: KernelOperand, dtype: DType = 'float32'): number[] =>
  runKernel({ kind: 'contract' }, dtype, [a.map.shape[0], a.map.shape[1], b.map.shape[2]], [a, b])

/** The definition, with `add` and `mul` of the dtype. */
function product(
  a: KernelOperand,
  b: KernelOperand,
  fma = (sum: number, x: number, y: number) => sum + x * y,
): number[] {
  const [batches, rows, inner] = a.map.shape
  const columns = b.map.shape[2]
  const [x, y] = [elementsOf(a), elementsOf(b)]
  const out: number[] = []
  for (let i = 0; i < batches; i++)
    for (let m = 0; m < rows; m++)
      for (let n = 0; n < columns; n++) {
        let sum = 0
        for (let k = 0; k < inner; k++) sum = fma(sum, x[(i * rows + m) * inner + k], y[(i * inner + k) * columns + n])
        out.push(sum)
      }
  return out
}

const small = fc.integer({ min: -9, max: 9 })

describe('contract', () => {
  it('multiplies batches of matrices behind any strides', () => {
    const size = fc.integer({ min: 0, max: 7 })
    const cases = fc
      .tuple(fc.integer({ min: 0, max: 3 }), size, size, size)
      .chain(([B, M, K, N]) => fc.tuple(floatOperands([B, M, K], small), floatOperands([B, K, N], small)))
    fc.assert(
      fc.property(cases, ([a, b]) => {
        expect(run(a, b).map(v => v + 0)).toEqual(product(a, b).map(v => v + 0))
      }),
    )
  })

  it.each([
    [1, 1, 1],
    [2, 4, 8],
    [3, 5, 9],
    [5, 7, 33],
    [17, 1, 20],
    [1, 18, 3],
  ])('sums %i x %i results over %i in float64', (M, N, K) => {
    const a = operand(numbers(M * K), 'float32', [1, M, K])
    const b = operand(numbers(K * N), 'float32', [1, K, N])
    expect(run(a, b)).toEqual(product(a, b).map(Math.fround))
  })

  it('shares a matrix among all batches and reads transposed ones', () => {
    const a = operand(numbers(3 * 4 * 5), 'float32', [3, 4, 5])
    const b = operand(numbers(5 * 6), 'float32', [3, 5, 6], { strides: [0, 1, 5] })
    expect(run(a, b)).toEqual(product(a, b).map(Math.fround))
    const shared = operand(numbers(20), 'float32', [3, 4, 5], { strides: [0, 5, 1] })
    expect(run(shared, b)).toEqual(product(shared, b).map(Math.fround))
  })

  it('an inner size of 0 gives zeros', () => {
    expect(run(operand([], 'float32', [1, 2, 0]), operand([], 'float32', [1, 0, 3]))).toEqual([0, 0, 0, 0, 0, 0])
  })

  it('NaN and infinities spread to their row and column only', () => {
    const a = operand([Number.NaN, 1, 2, 3], 'float32', [1, 2, 2])
    const b = operand([1, 0, 0, 1], 'float32', [1, 2, 2])
    expect(run(a, b)).toEqual([Number.NaN, Number.NaN, 2, 3])
  })

  it('integers wrap modulo 2^32; 8-bit operands are exact', () => {
    const wrapping = (sum: number, x: number, y: number): number => (sum + Math.imul(x, y)) | 0
    const a = operand([2 ** 31 - 1, 65537, -5, 7], 'int32', [1, 2, 2])
    const b = operand([3, 65537, -9, 2 ** 30], 'int32', [1, 2, 2])
    expect(run(a, b, 'int32')).toEqual(product(a, b, wrapping))
    const bytes = operand([255, 255, 1, 0], 'uint8', [1, 2, 2])
    const signed = operand([-128, 127, -128, 1], 'int8', [1, 2, 2])
    expect(run(bytes, signed, 'int32')).toEqual(product(bytes, signed))
    expect(run(bytes, bytes, 'int32')).toEqual([255 * 255 + 255, 255 * 255, 255, 255])
    expect(run(bytes, b, 'int32')).toEqual(product(bytes, b, wrapping))
  })

  it('rounds nothing in an exact run', () => {
    const a = operand(Float64Array.of(0.1, 0.2), 'float32', [1, 1, 2])
    const b = operand(Float64Array.of(0.3, 0.4), 'float32', [1, 2, 1])
    expect(runKernelExactly({ kind: 'contract' }, 'float32', [1, 1, 1], [a, b])).toEqual([0.1 * 0.3 + 0.2 * 0.4])
  })
})
