import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { expectEqual, randomTensor } from './__fixtures__/matrices.ts'
import { expectError, expectTensor, float, tensorOf } from './__fixtures__/test-tools.ts'
import { kron } from './kronecker.ts'

describe('kron', () => {
  it('puts a multiple of b in place of each element of a', () => {
    const product = kron(float([1, 2], [1, 2]), float([1, 2, 3, 4], [2, 2]))
    expectTensor(product, 'float32', [2, 4], [1, 2, 2, 4, 3, 4, 6, 8])
  })

  it('of vectors and scalars', () => {
    expectTensor(kron(float([1, 2]), float([3, 4])), 'float32', [4], [3, 4, 6, 8])
    expectTensor(kron(float([2], []), float([3], [])), 'float32', [], [6])
    expectTensor(kron(float([1, 2]), float([3, 4], [2, 1])), 'float32', [2, 2], [3, 6, 4, 8])
  })

  it('broadcasts leading dims', () => {
    const [a, b] = [randomTensor(1, 2, 1, 2, 3), randomTensor(2, 3, 1, 2)]
    const product = kron(a, b)
    expect(product.shape).toEqual([2, 3, 2, 6])
    expectEqual(product.select(0, 1).select(0, 2), kron(a.select(0, 1).select(0, 0), b.select(0, 2)), 0)
  })

  it('mixes products', () => {
    const [a, b, c, d] = [1, 2, 3, 4].map(seed => randomTensor(seed, 2, 2))
    expectEqual(kron(a, b).matmul(kron(c, d)), kron(a.matmul(c), b.matmul(d)))
  })

  it('promotes', () => {
    expectTensor(kron(tensorOf('int8', [2, 3]), tensorOf('int32', [100, 200])), 'int32', [4], [200, 400, 300, 600])
    expectTensor(kron(tensorOf('bool', [1, 0]), tensorOf('bool', [1])), 'bool', [2], [1, 0])
  })

  it('of nothing', () => expectTensor(kron(float([], [0, 2]), float([1, 2])), 'float32', [0, 4], []))

  it('agrees with finite differences, to the second order', () => {
    gradcheck(kron, [randomTensor(1, 2, 1, 2), randomTensor(2, 3, 2)], { order: 2 })
  })

  it('refuses leading dims that cannot be broadcast', () => {
    const call = (): unknown => kron(randomTensor(1, 2, 1, 1), randomTensor(1, 3, 1, 1))
    expectError(call, 'shape', 'kron: shapes [2] and [3] cannot be broadcast')
    expectError(() => kron(1 as never, float([1])), 'argument', 'kron: a must be a tensor, got number 1')
  })
})
