import { gradcheck } from '@surprisal/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gradients } from '../index.ts'
import { asTensor, build, counting, expectDense, read, shapeAndDim, withEntry } from './__fixtures__/test-arrays.ts'
import { expectError, expectTensor, float, numbers, tensorOf } from './__fixtures__/test-tools.ts'
import { embedding, gather, indexAdd, indexSelect, oneHot, scatter, scatterAdd, take } from './indexing.ts'

const matrix = float([1, 2, 3, 4, 5, 6], [2, 3])
const index = (data: number[], shape = [data.length]) => tensorOf('int32', data, shape)

/** A shape, a dim, and an index that is smaller elsewhere and of any length along the dim. */
const indexed = shapeAndDim(3, 1).chain(({ shape, dim }) =>
  fc.tuple(...shape.map((size, d) => fc.integer({ min: 0, max: d === dim ? 5 : size }))).chain(sizes => {
    const count = sizes.reduce((a, b) => a * b, 1)
    return fc.record({
      shape: fc.constant(shape),
      dim: fc.constant(dim),
      sizes: fc.constant(sizes),
      entries: fc.array(fc.integer({ min: 0, max: shape[dim] - 1 }), { minLength: count, maxLength: count }),
    })
  }),
)

describe('gather', () => {
  it('chooses along a dim', () => {
    fc.assert(
      fc.property(indexed, ({ shape, dim, sizes, entries }) => {
        const x = counting(shape)
        const i = { shape: sizes, data: entries }
        const expected = build(sizes, place => read(x, withEntry(place, dim, read(i, place))))
        expectDense(gather(asTensor(x), dim, index(entries, sizes)), expected)
      }),
    )
  })

  it('takes uint8 indices and keeps the dtype', () => {
    const i = tensorOf('uint8', [2, 0], [1, 2])
    expectTensor(gather(matrix, -1, i), 'float32', [1, 2], [3, 1])
    expectTensor(gather(tensorOf('bool', [1, 0, 1], [1, 3]), 1, i), 'bool', [1, 2], [1, 1])
    expectTensor(gather(tensorOf('float16', [1, 2, 3], [1, 3]), 1, i), 'float16', [1, 2], [3, 1])
  })

  it('reports indices out of range at the read', () => {
    const far = gather(matrix, 1, index([0, 5], [1, 2]))
    expectError(() => far.dataSync(), 'index', 'gather: index 5 is out of range for dim 1 with size 3')
    const below = gather(matrix, 0, index([-1], [1, 1]))
    expectError(() => below.dataSync(), 'index', 'gather: index -1 is out of range for dim 0 with size 2')
  })

  it('refuses other dtypes and shapes at once', () => {
    expectError(() => gather(matrix, 1, float([0], [1, 1])), 'dtype', 'gather: index must be int32, got float32')
    expectError(() => gather(matrix, 1, index([0])), 'shape', 'gather: index must have rank 2, got shape [1]')
    expectError(
      () => gather(matrix, 1, index([0, 0, 0], [3, 1])),
      'shape',
      'gather: index must not exceed x but in dim 1, got [3, 1] for [2, 3]',
    )
    expectError(() => gather(matrix, 2, index([0], [1, 1])), 'argument', 'gather: dim 2 is out of range for rank 2')
  })

  it('adds up the gradient of what is chosen twice', () => {
    gradcheck(x => gather(x, 1, index([0, 0, 2, 1, 1, 1], [2, 3])).square(), [matrix], { order: 2 })
  })
})

describe('scatter', () => {
  it('lets the last one in row-major order win', () => {
    fc.assert(
      fc.property(indexed, ({ shape, dim, sizes, entries }) => {
        const x = counting(shape)
        const i = { shape: sizes, data: entries }
        const src = build(sizes, () => 0).data.map((_, k) => -1 - k)
        const data = [...x.data]
        build(sizes, place => {
          const target = withEntry(place, dim, read(i, place))
          const at = target.reduce((sum, t, d) => sum * shape[d] + t, 0)
          data[at] = read({ shape: sizes, data: src }, place)
          return 0
        })
        expectDense(scatter(asTensor(x), dim, index(entries, sizes), float(src, sizes)), { shape, data })
      }),
    )
  })

  it('uses the part of src that the index covers, or a number', () => {
    const i = index([2], [1, 1])
    expectTensor(scatter(matrix, 1, i, float([9, 8, 7, 6], [2, 2])), 'float32', [2, 3], [1, 2, 9, 4, 5, 6])
    expectTensor(scatter(matrix, 1, i, 0.5), 'float32', [2, 3], [1, 2, 0.5, 4, 5, 6])
    expectTensor(scatter(tensorOf('bool', [0, 0]), 0, index([1]), true), 'bool', [2], [0, 1])
  })

  it('promotes', () => {
    expectTensor(scatter(index([1, 2]), 0, index([0]), float([0.5])), 'float32', [2], [0.5, 2])
    expectTensor(scatter(tensorOf('uint8', [1, 2]), 0, index([0]), 7), 'uint8', [2], [7, 2])
  })

  it('gives the gradient of a place to the winner, and none to what is overwritten', () => {
    const x = float([1, 2, 3])
    const src = float([4, 5, 6])
    const out = scatter(x, 0, index([1, 0, 1]), src)
      .mul(float([10, 20, 30]))
      .sum()
    const [dx, dsrc] = gradients(out, [x, src])
    expect([numbers(dx), numbers(dsrc)]).toEqual([
      [0, 0, 30],
      [0, 10, 20],
    ])
    gradcheck((a, b) => scatter(a, 0, index([1, 0, 1]), b).square(), [x, src], { order: 2 })
  })

  it('refuses sources smaller than the index, and reports a bad index at the read', () => {
    expectError(
      () => scatter(matrix, 1, index([0, 1], [1, 2]), float([1], [1, 1])),
      'shape',
      'scatter: src must be at least as large as index, got [1, 1] for [1, 2]',
    )
    expectError(
      () => scatter(matrix, 1, index([0], [1, 1]), float([1])),
      'shape',
      'scatter: src must have rank 2, got shape [1]',
    )
    expectError(
      () => scatter(matrix, 1, index([0, 1, 2], [3, 1]), float([1, 1, 1], [3, 1])),
      'shape',
      'scatter: index must not exceed x but in dim 1, got [3, 1] for [2, 3]',
    )
    expectError(
      () => scatter(matrix, 1, index([3], [1, 1]), 0).dataSync(),
      'index',
      'scatter: index 3 is out of range for dim 1 with size 3',
    )
  })
})

describe('scatterAdd', () => {
  it('adds at every place', () => {
    fc.assert(
      fc.property(indexed, ({ shape, dim, sizes, entries }) => {
        const x = counting(shape)
        const i = { shape: sizes, data: entries }
        const data = [...x.data]
        build(sizes, place => {
          const target = withEntry(place, dim, read(i, place))
          data[target.reduce((sum, t, d) => sum * shape[d] + t, 0)] += 2
          return 0
        })
        expectDense(scatterAdd(asTensor(x), dim, index(entries, sizes), 2), { shape, data })
      }),
    )
  })

  it('wraps integers and rounds halves once', () => {
    expectTensor(scatterAdd(tensorOf('uint8', [250]), 0, index([0, 0]), 4), 'uint8', [1], [2])
    const half = tensorOf('float16', [2048])
    expectTensor(scatterAdd(half, 0, index([0, 0]), tensorOf('float16', [1, 1])), 'float16', [1], [2050])
  })

  it('has a gradient', () => {
    const src = float([1, 2, 3, 4, 5, 6], [2, 3])
    gradcheck((a, b) => scatterAdd(a, 0, index([0, 0, 1, 0, 1, 1], [2, 3]), b).square(), [matrix, src], { order: 2 })
  })
})

describe('indexSelect and indexAdd', () => {
  it('move whole slices', () => {
    expectTensor(indexSelect(matrix, 1, index([2, 0, 2])), 'float32', [2, 3], [3, 1, 3, 6, 4, 6])
    expectTensor(indexSelect(matrix, 0, index([])), 'float32', [0, 3], [])
    expectTensor(
      indexAdd(matrix, 0, index([1, 1]), float([1, 1, 1, 2, 2, 2], [2, 3])),
      'float32',
      [2, 3],
      [1, 2, 3, 7, 8, 9],
    )
    expectTensor(indexAdd(index([1, 2]), 0, index([0]), float([0.5])), 'float32', [2], [1.5, 2])
  })

  it('refuse other shapes and report a bad index at the read', () => {
    expectError(
      () => indexSelect(matrix, 0, index([0], [1, 1])),
      'shape',
      'indexSelect: index must have rank 1, got shape [1, 1]',
    )
    expectError(() => indexSelect(matrix, 0, float([0])), 'dtype', 'indexSelect: index must be int32, got float32')
    expectError(
      () => indexAdd(matrix, 0, index([0]), float([1, 2])),
      'shape',
      'indexAdd: src must have shape [1, 3], got [2]',
    )
    expectError(
      () => indexSelect(matrix, 0, index([2])).dataSync(),
      'index',
      'indexSelect: index 2 is out of range for dim 0 with size 2',
    )
    expectError(
      () => indexAdd(matrix, 1, index([-1]), float([1, 1], [2, 1])).dataSync(),
      'index',
      'indexAdd: index -1 is out of range for dim 1 with size 3',
    )
  })

  it('have a gradient', () => {
    gradcheck(x => indexSelect(x, 1, index([2, 0, 2])).square(), [matrix], { order: 2 })
    gradcheck((x, s) => indexAdd(x, 1, index([2, 2]), s).square(), [matrix, float([1, 2, 3, 4], [2, 2])], { order: 2 })
  })
})

describe('embedding', () => {
  it('takes rows by an index of any shape', () => {
    expectTensor(
      embedding(matrix, index([1, 0, 1, 1], [2, 2])).flatten(),
      'float32',
      [12],
      [4, 5, 6, 1, 2, 3, 4, 5, 6, 4, 5, 6],
    )
    expectTensor(embedding(matrix, index([1], [])), 'float32', [3], [4, 5, 6])
    expect(embedding(matrix, index([], [0, 4])).shape).toEqual([0, 4, 3])
  })

  it('refuses vectors, and reports a bad index at the read', () => {
    expectError(() => embedding(float([1]), index([0])), 'shape', 'embedding: weight must have rank 2, got shape [1]')
    expectError(
      () => embedding(matrix, index([2])).dataSync(),
      'index',
      'embedding: index 2 is out of range for dim 0 with size 2',
    )
  })

  it('adds up its gradient', () => {
    gradcheck(w => embedding(w, index([1, 1, 0])).square(), [matrix], { order: 2 })
  })
})

describe('take', () => {
  it('indexes the flattened tensor', () => {
    expectTensor(take(matrix, index([5, 0], [1, 2])), 'float32', [1, 2], [6, 1])
    expectTensor(take(matrix.transpose(0, 1), index([1], [])), 'float32', [], [4])
    expectError(
      () => take(matrix, index([6])).dataSync(),
      'index',
      'take: index 6 is out of range for dim 0 with size 6',
    )
    gradcheck(x => take(x, index([5, 5, 0])).square(), [matrix], { order: 2 })
  })
})

describe('oneHot', () => {
  it('puts 1 at the index', () => {
    expectTensor(oneHot(index([0, 2]), 3), 'float32', [2, 3], [1, 0, 0, 0, 0, 1])
    expectTensor(oneHot(index([1], []), 2, { dtype: 'bool' }), 'bool', [2], [0, 1])
    expectTensor(oneHot(tensorOf('uint8', [1]), 2, { dtype: 'int32' }), 'int32', [1, 2], [0, 1])
    expect(oneHot(index([]), 0).shape).toEqual([0, 0])
  })

  it('refuses other dtypes, and reports a bad index at the read', () => {
    expectError(() => oneHot(float([0]), 3), 'dtype', 'oneHot: index must be int32, got float32')
    expectError(() => oneHot(index([0]), -1), 'argument', 'oneHot: numClasses must be an integer of at least 0, got -1')
    expectError(() => oneHot(index([3]), 3).dataSync(), 'index', 'oneHot: index 3 is out of range for 3 classes')
    expectError(() => oneHot(index([-1]), 3).dataSync(), 'index', 'oneHot: index -1 is out of range for 3 classes')
  })
})
