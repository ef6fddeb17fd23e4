import { gradcheck } from '@surprisal/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asTensor, build, counting, type Dense, expectDense, read } from './__fixtures__/test-arrays.ts'
import { expectError, expectTensor, float, tensorOf } from './__fixtures__/test-tools.ts'
import { addmm, bmm, dot, linear, matmul, outer } from './contraction.ts'

const a23 = float([1, 2, 3, 4, 5, 6], [2, 3])
const b32 = float([1, 0, -1, 2, 3, 1], [3, 2])
const int8 = (data: number[], shape: number[]) => tensorOf('int8', data, shape)
const uint8 = (data: number[], shape: number[]) => tensorOf('uint8', data, shape)
const int32 = (data: number[], shape: number[]) => tensorOf('int32', data, shape)
const half = (data: number[], shape: number[]) => tensorOf('float16', data, shape)

function naiveMatmul(a: Dense, b: Dense): Dense {
  const [m, k] = a.shape.slice(-2)
  const n = b.shape[b.shape.length - 1]
  const rank = Math.max(a.shape.length, b.shape.length) - 2
  const batch = Array.from({ length: rank }, (_, d) => {
    const x = a.shape[d - rank + a.shape.length - 2] ?? 1
    const y = b.shape[d - rank + b.shape.length - 2] ?? 1
    return x === 1 ? y : x
  })
  return build([...batch, m, n], index => {
    const [i, j] = index.slice(-2)
    const place = index.slice(0, -2)
    let sum = 0
    for (let l = 0; l < k; l++) sum += readMatrix(a, place, i, l) * readMatrix(b, place, l, j)
    return sum
  })
}

/** An element of the matrix that belongs to a broadcast batch index. */
function readMatrix(x: Dense, place: readonly number[], i: number, j: number): number {
  const own = place.slice(place.length - (x.shape.length - 2))
  return read(x, [...own.map((at, d) => (x.shape[d] === 1 ? 0 : at)), i, j])
}

describe('matmul', () => {
  it('sums products over the inner dim and broadcasts the leading ones', () => {
    const batches = fc.constantFrom<[number[], number[]]>(
      [[], []],
      [[2], []],
      [[], [2]],
      [[2], [2]],
      [[1], [2]],
      [[2, 1], [3]],
      [[3], [2, 1]],
      [[0], [1]],
    )
    const size = fc.integer({ min: 0, max: 4 })
    fc.assert(
      fc.property(batches, size, size, size, ([left, right], m, k, n) => {
        const a = counting([...left, m, k])
        const b = counting([...right, k, n])
        expectDense(matmul(asTensor(a), asTensor(b)), naiveMatmul(a, b))
      }),
    )
  })

  it('takes vectors as rows and columns', () => {
    expectTensor(matmul(float([1, 2]), a23), 'float32', [3], [9, 12, 15])
    expectTensor(matmul(a23, float([1, 0, 1])), 'float32', [2], [4, 10])
    expectTensor(matmul(float([1, 2]), float([3, 4])), 'float32', [], [11])
    expectTensor(matmul(float([1, 2]), asTensor(counting([2, 2, 1]))), 'float32', [2, 1], [5, 11])
    expectTensor(matmul(asTensor(counting([2, 1, 2])), float([1, 1])), 'float32', [2, 1], [3, 7])
  })

  it('gives zeros for an inner size of 0', () => {
    expectTensor(matmul(float([], [2, 0]), float([], [0, 2])), 'float32', [2, 2], [0, 0, 0, 0])
    expectTensor(matmul(float([]), float([])), 'float32', [], [0])
  })

  it('reads transposed and expanded views', () => {
    expectTensor(matmul(a23.transpose(0, 1), a23), 'float32', [3, 3], [17, 22, 27, 22, 29, 36, 27, 36, 45])
    expectTensor(matmul(a23, float([1, 2, 3], [3, 1]).expand([3, 2])), 'float32', [2, 2], [14, 14, 32, 32])
  })

  it('accumulates 8-bit numbers exactly in int32, and wraps int32', () => {
    expectTensor(matmul(int8([127, -128], [1, 2]), int8([127, -128], [2, 1])), 'int32', [1, 1], [32513])
    expectTensor(matmul(uint8([255, 255], [1, 2]), uint8([255, 255], [2, 1])), 'int32', [1, 1], [130050])
    expectTensor(matmul(uint8([255], [1, 1]), int8([-128], [1, 1])), 'int32', [1, 1], [-32640])
    expectTensor(matmul(int8([2], [1, 1]), int32([1073741824], [1, 1])), 'int32', [1, 1], [-2147483648])
    expectTensor(matmul(int32([65537, 3], [1, 2]), int32([65537, 5], [2, 1])), 'int32', [1, 1], [131088])
    expectTensor(matmul(tensorOf('bool', [1, 1], [1, 2]), tensorOf('bool', [1, 1], [2, 1])), 'int32', [1, 1], [2])
  })

  it('promotes', () => {
    expectTensor(matmul(int32([2], [1, 1]), float([0.5], [1, 1])), 'float32', [1, 1], [1])
    expectTensor(matmul(half([2048, 1, 1], [1, 3]), half([1, 1, 1], [3, 1])), 'float16', [1, 1], [2050])
  })

  it('refuses sizes that do not fit', () => {
    expectError(() => matmul(a23, float([], [4, 5, 0])), 'shape', 'matmul: inner sizes differ: [2, 3] x [4, 5, 0]')
    expectError(() => matmul(float([1]), a23), 'shape', 'matmul: inner sizes differ: [1] x [2, 3]')
    expectError(
      () => matmul(asTensor(counting([2, 1, 1])), asTensor(counting([3, 1, 1]))),
      'shape',
      'matmul: shapes [2, 1, 1] and [3, 1, 1] cannot be broadcast',
    )
    expectError(
      () => matmul(float([1], []), a23),
      'shape',
      'matmul: operands must have at least 1 dim, got shapes [] and [2, 3]',
    )
    expectError(() => matmul(a23, 2 as never), 'argument', 'matmul: b must be a tensor, got number 2')
  })

  it('has gradients in every arrangement', () => {
    const batch = float([1, 2, 0.5, -1, 3, 2, 1, 1, 0, 2, -2, 1], [2, 3, 2])
    gradcheck((x, y) => matmul(x, y).square(), [a23, b32], { order: 2 })
    gradcheck((x, y) => matmul(x, y).square(), [a23, batch], { order: 2 })
    gradcheck((x, y) => matmul(x, y).square(), [batch, a23], { order: 2 })
    gradcheck((x, y) => matmul(x, y).square(), [float([1, -1, 2]), batch], { order: 2 })
    gradcheck((x, y) => matmul(x, y).square(), [batch, float([1, -1])], { order: 2 })
  })
})

describe('dot and outer', () => {
  it('are the inner and the outer product', () => {
    expectTensor(dot(float([1, 2]), float([3, 4])), 'float32', [], [11])
    expectTensor(dot(int8([100, 100], [2]), int8([100, 100], [2])), 'int32', [], [20000])
    expectTensor(outer(float([1, 2]), float([3, 4, 5])), 'float32', [2, 3], [3, 4, 5, 6, 8, 10])
    expectTensor(outer(uint8([16], [1]), uint8([17], [1])), 'uint8', [1, 1], [16])
    expectTensor(outer(tensorOf('bool', [1, 0]), tensorOf('bool', [1])), 'bool', [2, 1], [1, 0])
    expect(outer(float([]), float([1])).shape).toEqual([0, 1])
  })

  it('refuse other ranks and lengths', () => {
    expectError(() => dot(a23, float([1])), 'shape', 'dot: a must have rank 1, got shape [2, 3]')
    expectError(() => dot(float([1, 2]), float([1])), 'shape', 'dot: inner sizes differ: [2] x [1]')
    expectError(() => outer(float([1]), a23), 'shape', 'outer: b must have rank 1, got shape [2, 3]')
  })

  it('have gradients', () => {
    const [x, y] = [float([1, 2, 3]), float([0.5, -1, 2])]
    gradcheck((a, b) => dot(a, b).square(), [x, y], { order: 2 })
    gradcheck((a, b) => outer(a, b).square(), [x, y], { order: 2 })
  })
})

describe('bmm', () => {
  it('multiplies matrix by matrix', () => {
    const [a, b] = [counting([2, 2, 3]), counting([2, 3, 1])]
    expectDense(bmm(asTensor(a), asTensor(b)), naiveMatmul(a, b))
    expectTensor(bmm(int8([100], [1, 1, 1]), int8([100], [1, 1, 1])), 'int32', [1, 1, 1], [10000])
  })

  it('does not broadcast', () => {
    const x = asTensor(counting([2, 2, 3]))
    expectError(() => bmm(x, asTensor(counting([1, 3, 1]))), 'shape', 'bmm: batch sizes differ: [2, 2, 3] x [1, 3, 1]')
    expectError(() => bmm(x, x), 'shape', 'bmm: inner sizes differ: [2, 2, 3] x [2, 2, 3]')
    expectError(() => bmm(x, a23), 'shape', 'bmm: b must have rank 3, got shape [2, 3]')
  })
})

describe('linear', () => {
  const weight = float([1, 0, 1, 2, 1, 0, 0, 0, 1, 1, 1, 1], [4, 3])
  const bias = float([0, 1, 2, 3])

  it('is x times the transposed weight plus bias', () => {
    expectTensor(linear(a23, weight), 'float32', [2, 4], [4, 4, 3, 6, 10, 13, 6, 15])
    expectTensor(linear(a23, weight, bias), 'float32', [2, 4], [4, 5, 5, 9, 10, 14, 8, 18])
    expectTensor(linear(float([1, 1, 1]), weight, null), 'float32', [4], [2, 3, 1, 3])
    expect(linear(float([], [2, 0, 3]), weight, bias).shape).toEqual([2, 0, 4])
    expect(linear(a23, weight, {} as never).shape).toEqual([2, 4])
  })

  it('rounds halves once and promotes', () => {
    const ones = half([1, 1], [1, 2])
    expectTensor(linear(half([2048, 1], [1, 2]), ones, half([1], [1])), 'float16', [1, 1], [2050])
    expectTensor(linear(int8([100], [1, 1]), int8([100], [1, 1]), int32([1], [1])), 'int32', [1, 1], [10001])
    expectTensor(linear(int8([100], [1, 1]), int8([100], [1, 1]), float([0.5])), 'float32', [1, 1], [10000.5])
  })

  it('refuses sizes that do not fit', () => {
    expectError(() => linear(b32, weight), 'shape', 'linear: inner sizes differ: [3, 2] x [4, 3]')
    expectError(() => linear(a23, weight, float([1])), 'shape', 'linear: bias must have shape [4], got [1]')
    expectError(() => linear(a23, float([1, 2, 3])), 'shape', 'linear: weight must have rank 2, got shape [3]')
    expectError(() => linear(float([1], []), weight), 'shape', 'linear: x must have at least 1 dim, got shape []')
  })

  it('has a gradient', () => {
    const x = float([1, 2, 0.5, -1, 3, 2, 1, 1, 0, 2, -2, 1], [2, 2, 3])
    gradcheck((t, w, b) => linear(t, w, b).square(), [x, weight, bias], { order: 2 })
  })
})

describe('addmm', () => {
  it('adds a product to something that is broadcast', () => {
    expectTensor(addmm(float([10, 20]), a23, b32), 'float32', [2, 2], [18, 27, 27, 36])
    expectTensor(addmm(float([1], []), a23, b32), 'float32', [2, 2], [9, 8, 18, 17])
    expectTensor(addmm(half([1], [1, 1]), half([2048, 1], [1, 2]), half([1, 1], [2, 1])), 'float16', [1, 1], [2050])
  })

  it('refuses sizes that do not fit', () => {
    expectError(() => addmm(float([1]), a23, a23), 'shape', 'addmm: inner sizes differ: [2, 3] x [2, 3]')
    expectError(() => addmm(float([1, 2, 3]), a23, b32), 'shape', 'addmm: shapes [3] and [2, 2] cannot be broadcast')
    expectError(() => addmm(float([1, 2], [2, 1, 1]), a23, b32), 'shape', 'addmm: cannot expand [2, 1, 1] to [2, 2]')
  })

  it('has a gradient', () => {
    gradcheck((c, x, y) => addmm(c, x, y).square(), [float([1, 2]), a23, b32], { order: 2 })
  })
})
