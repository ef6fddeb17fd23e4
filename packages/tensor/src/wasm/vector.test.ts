import fc from 'fast-check'
import { expect, test } from 'vitest'
import { outerProduct, vectorTimesMatrix } from './vector.ts'

const view = (values: readonly number[], rowStride: number, columnStride: number, offset = 0) => ({
  data: Float32Array.from(values),
  offset,
  rowStride,
  columnStride,
})

const wave = (length: number, seed: number): number[] =>
  Array.from({ length }, (_, i) => Math.fround(Math.sin(seed + i * 1.7) * 3))

test('a vector times a matrix by hand', () => {
  const out = new Float32Array([7, 7, 7, 7])
  vectorTimesMatrix(view([1, 2], 0, 1), view([1, 2, 3, 10, 20, 30], 3, 1), { m: 1, k: 2, n: 3 }, out, 1)
  expect([...out]).toEqual([7, 21, 42, 63])
})

test('row-major and column-major matrices of all small sizes agree with the definition', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 13 }),
      fc.integer({ min: 1, max: 13 }),
      fc.boolean(),
      fc.integer({ min: 1, max: 3 }),
      (k, n, columnMajor, spread) => {
        const x = view(wave(k * spread + 2, 1), 0, spread, 2)
        const strides = columnMajor ? [spread, spread * k] : [spread * n, spread]
        const matrix = view(wave(k * n * spread + 1, 2), strides[0], strides[1], 1)
        const out = new Float32Array(n + 2).fill(-9)
        vectorTimesMatrix(x, matrix, { m: 1, k, n }, out, 1)
        const expected = new Float32Array(n + 2).fill(-9)
        for (let j = 0; j < n; j++) {
          let sum = 0
          for (let i = 0; i < k; i++) sum += x.data[2 + i * spread] * matrix.data[1 + i * strides[0] + j * strides[1]]
          expected[1 + j] = sum
        }
        for (let j = 0; j < n + 2; j++) expect(out[j]).toBeCloseTo(expected[j], 5)
      },
    ),
  )
})

test('columns beyond one stretch of sums follow on', () => {
  const n = 2500
  const matrix = view(wave(3 * n, 0), n, 1)
  const out = new Float32Array(n)
  vectorTimesMatrix(view([1, 10, 100], 0, 1), matrix, { m: 1, k: 3, n }, out, 0)
  for (const j of [0, 1023, 1024, 2047, 2048, 2499])
    expect(out[j]).toBeCloseTo(matrix.data[j] + 10 * matrix.data[n + j] + 100 * matrix.data[2 * n + j], 4)
})

test.each([
  ['rows', 4000, 1, 8],
  ['columns', 1, 4000, 1],
])('sums of many equal values keep float32 precision along %s', (_, rowStride, columnStride, n) => {
  const k = 4000
  const x = view(Array(k).fill(0.1), 0, 1)
  const matrix = view(Array(k * 8).fill(0.1), rowStride === 1 ? 1 : 8, columnStride === 1 ? 1 : k)
  const out = new Float32Array(n)
  vectorTimesMatrix(x, matrix, { m: 1, k, n }, out, 0)
  for (const value of out) expect(value).toBe(Math.fround(k * Math.fround(0.1) ** 2))
})

test('an outer product is dense, whatever the strides', () => {
  const out = new Float32Array(8).fill(-1)
  outerProduct(view([1, 0, 2, 0, 3], 2, 0), view([5, 7], 0, 1), { m: 3, k: 1, n: 2 }, out, 1)
  expect([...out]).toEqual([-1, 5, 7, 10, 14, 15, 21, -1])
})

test('an outer product has no negative zeros, as a sum that starts at zero', () => {
  const out = new Float32Array(2)
  outerProduct(view([-1], 1, 0), view([0, 2], 0, 1), { m: 1, k: 1, n: 2 }, out, 0)
  expect([...out]).toEqual([0, -2])
})
