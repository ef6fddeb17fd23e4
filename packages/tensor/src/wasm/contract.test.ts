import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { contiguousStrides } from '../shape.ts'
import { type ContractOperand, contractFloat32, contractKernel } from './contract.ts'
import type { GemmVariant } from './gemm.ts'

type Layout = 'dense' | 'transposed' | 'sliced' | 'flipped' | 'broadcast batch' | 'broadcast rows' | 'broadcast columns'

const layouts: Layout[] = [
  'dense',
  'transposed',
  'sliced',
  'flipped',
  'broadcast batch',
  'broadcast rows',
  'broadcast columns',
]

/** Reproducible values in [-2, 2). */
function noise(length: number, seed: number): Float32Array {
  let state = seed | 1
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    return state / 2 ** 30
  })
}

function operand(shape: number[], layout: Layout, seed: number): ContractOperand {
  const [batch, rows, columns] = shape
  const dense = contiguousStrides(shape)
  const make = (strides: number[], offset: number, size: number): ContractOperand => ({
    data: noise(size, seed),
    map: { shape, strides, offset, guard: null },
  })
  const size = batch * rows * columns
  switch (layout) {
    case 'dense':
      return make(dense, 0, size)
    case 'transposed':
      return make([rows * columns, 1, rows], 0, size)
    case 'sliced':
      return make([(rows + 1) * (2 * columns + 3), 2 * columns + 3, 2], 5, batch * (rows + 1) * (2 * columns + 3) + 5)
    case 'flipped':
      return make([rows * columns, -columns, -1], rows * columns - 1, size)
    case 'broadcast batch':
      return make([0, columns, 1], 0, rows * columns)
    case 'broadcast rows':
      return make([columns, 0, 1], 0, batch * columns)
    default:
      return make([rows, 1, 0], 0, batch * rows)
  }
}

/** The definition in float64, and per element the sum of magnitudes that scales its error. */
function product(a: ContractOperand, b: ContractOperand): { values: number[]; magnitudes: number[] } {
  const [batch, m, k] = a.map.shape
  const n = b.map.shape[2]
  const values: number[] = []
  const magnitudes: number[] = []
  const at = ({ data, map }: ContractOperand, i: number, j: number, l: number) =>
    data[map.offset + i * map.strides[0] + j * map.strides[1] + l * map.strides[2]]
  for (let i = 0; i < batch; i++)
    for (let row = 0; row < m; row++)
      for (let column = 0; column < n; column++) {
        let [sum, magnitude] = [0, 0]
        for (let step = 0; step < k; step++) {
          const term = at(a, i, row, step) * at(b, i, step, column)
          sum += term
          magnitude += Math.abs(term)
        }
        values.push(sum)
        magnitudes.push(magnitude)
      }
  return { values, magnitudes }
}

function run(a: ContractOperand, b: ContractOperand, variant?: GemmVariant): Float32Array {
  const [batch, m] = a.map.shape
  const out = new Float32Array(batch * m * b.map.shape[2]).fill(123)
  contractFloat32(a, b, out, { variant })
  return out
}

function expectProduct(a: ContractOperand, b: ContractOperand, variant?: GemmVariant): void {
  const out = run(a, b, variant)
  const { values, magnitudes } = product(a, b)
  expect(out.length).toBe(values.length)
  const worst = values.reduce((max, value, i) => Math.max(max, Math.abs(out[i] - value) / (magnitudes[i] + 1e-30)), 0)
  expect(worst).toBeLessThan(3e-6)
}

const matrix = (rows: number, columns: number, values: readonly number[]): ContractOperand => ({
  data: Float32Array.from(values),
  map: { shape: [1, rows, columns], strides: [rows * columns, columns, 1], offset: 0, guard: null },
})

describe.each<GemmVariant>(['madd', 'mulAdd'])('%s', variant => {
  test('any sizes and layouts give the float64 product', () => {
    const size = fc.integer({ min: 1, max: 40 })
    fc.assert(
      fc.property(
        fc.tuple(fc.integer({ min: 1, max: 3 }), size, size, size),
        fc.constantFrom(...layouts),
        fc.constantFrom(...layouts),
        fc.integer({ min: 1, max: 1e6 }),
        ([batch, m, k, n], layoutOfA, layoutOfB, seed) => {
          expectProduct(operand([batch, m, k], layoutOfA, seed), operand([batch, k, n], layoutOfB, seed + 7), variant)
        },
      ),
      { numRuns: 150 },
    )
  })

  test.each([
    [1, 241, 37, 19],
    [1, 19, 513, 37],
    [1, 37, 19, 1025],
    [1, 30, 1030, 30],
    [5, 24, 64, 24],
  ])('%i x [%i, %i] x [.., %i] crosses block edges in every layout', (batch, m, k, n) => {
    for (const layout of layouts)
      expectProduct(operand([batch, m, k], layout, 3), operand([batch, k, n], layout, 4), variant)
  })

  test('a NaN or an infinity reaches its row and column only', () => {
    const a = operand([1, 20, 30], 'dense', 1)
    const b = operand([1, 30, 25], 'dense', 2)
    a.data[3 * 30 + 4] = Number.NaN
    b.data[7 * 25 + 11] = Number.POSITIVE_INFINITY
    a.data[5 * 30 + 7] = 0
    const out = run(a, b, variant)
    for (let i = 0; i < 20; i++)
      for (let j = 0; j < 25; j++) {
        const value = out[i * 25 + j]
        if (i === 3 || (i === 5 && j === 11)) expect(value).toBeNaN()
        else if (j === 11) expect(Math.abs(value)).toBe(Number.POSITIVE_INFINITY)
        else expect(Number.isFinite(value)).toBe(true)
      }
  })
})

test.each([
  ['one row', [3, 1, 12], [3, 12, 40]],
  ['one column', [3, 40, 12], [3, 12, 1]],
  ['one product each', [3, 9, 1], [3, 1, 11]],
  ['a dot product', [4, 1, 70], [4, 70, 1]],
  ['numbers', [5, 1, 1], [5, 1, 1]],
  ['tiny matrices', [6, 4, 4], [6, 4, 4]],
])('%s, in every layout', (_, shapeOfA, shapeOfB) => {
  for (const layoutOfA of layouts)
    for (const layoutOfB of layouts) expectProduct(operand(shapeOfA, layoutOfA, 5), operand(shapeOfB, layoutOfB, 6))
})

test('one matrix on the right for a whole batch is one tall product', () => {
  const a = operand([9, 7, 20], 'dense', 1)
  const b = operand([9, 20, 17], 'broadcast batch', 2)
  const tall = { data: a.data, map: { ...a.map, shape: [1, 63, 20] } }
  const once = { data: b.data, map: { ...b.map, shape: [1, 20, 17] } }
  expect(run(a, b)).toEqual(run(tall, once))
  expectProduct(a, b)
})

test('no terms make zeros, no elements make nothing', () => {
  expect([...run(operand([2, 1, 0], 'dense', 1), operand([2, 0, 2], 'dense', 1))]).toEqual([0, 0, 0, 0])
  expect(run(operand([2, 0, 3], 'dense', 1), operand([2, 3, 4], 'dense', 1)).length).toBe(0)
  expect(run(operand([0, 2, 3], 'dense', 1), operand([0, 3, 4], 'dense', 1)).length).toBe(0)
})

test('zero times infinity is NaN on the paths without panels too', () => {
  const infinite = matrix(2, 1, [Number.POSITIVE_INFINITY, 1])
  expect([...run(matrix(1, 2, [0, 1]), infinite)]).toEqual([Number.NaN])
  expect([...run(infinite, matrix(1, 2, [0, 3]))]).toEqual([Number.NaN, Number.POSITIVE_INFINITY, 0, 3])
})

test('the same call gives the same bits', () => {
  const a = operand([2, 33, 600], 'sliced', 1)
  const b = operand([2, 600, 27], 'transposed', 2)
  expect(run(a, b)).toEqual(run(a, b))
})

describe('contractKernel', () => {
  const shapes = { a: [1, 2, 3], b: [1, 3, 2] }
  const kernel = (dtype: 'float32' | 'int32') => ({
    primitive: { kind: 'contract' as const },
    op: 'matmul',
    dtype,
    shape: [1, 2, 2],
    operands: [],
    output: 0,
  })
  const mapOf = (shape: number[]) => ({ shape, strides: contiguousStrides(shape), offset: 0, guard: null })

  test('multiplies float32 arrays', () => {
    const out = new Float32Array(4)
    const a = { data: Float32Array.of(1, 2, 3, 4, 5, 6), dtype: 'float32' as const, map: mapOf(shapes.a) }
    const b = { data: Float32Array.of(1, 0, 0, 1, 1, 1), dtype: 'float32' as const, map: mapOf(shapes.b) }
    contractKernel(kernel('float32'), [a, b], out)
    expect([...out]).toEqual([4, 5, 10, 11])
  })

  test('leaves integers to the plain loops, which wrap', () => {
    const out = new Int32Array(4)
    const a = { data: Int32Array.of(65536, 2, 3, 4, 5, 6), dtype: 'int32' as const, map: mapOf(shapes.a) }
    const b = { data: Int8Array.of(1, 0, 0, 1, 1, 1), dtype: 'int8' as const, map: mapOf(shapes.b) }
    contractKernel(kernel('int32'), [a, b], out)
    expect([...out]).toEqual([65539, 5, 10, 11])
  })

  test('leaves exact runs in float64', () => {
    const out = new Float64Array(4)
    const a = { data: Float64Array.of(0.1, 0, 0, 0, 0.1, 0), dtype: 'float32' as const, map: mapOf(shapes.a) }
    const b = { data: Float64Array.of(3, 0, 0, 3, 0, 0), dtype: 'float32' as const, map: mapOf(shapes.b) }
    contractKernel(kernel('float32'), [a, b], out)
    expect([...out]).toEqual([0.1 * 3, 0, 0, 0.1 * 3])
  })
})
