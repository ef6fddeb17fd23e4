import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { gradients } from '../index.ts'
import { definite, expectEqual, randomTensor, unit } from './__fixtures__/matrices.ts'
import { expectClose, expectError, expectTensor, float, numbers, slope, tensorOf } from './__fixtures__/test-tools.ts'
import { det, logdet, slogdet, trace } from './determinants.ts'

const a = randomTensor(1, 2, 3, 3)
const singular = float([1, 2, 3, 2, 4, 6, 1, 0, 1], [3, 3])

describe('det', () => {
  it('of examples', () => {
    expectTensor(det(float([1, 2, 3, 4, 2, 0, 0, 2], [2, 2, 2])), 'float32', [2], [-2, 4])
    expectClose(det(singular), [0])
    expectTensor(det(float([], [2, 0, 0])), 'float32', [2], [1, 1])
    expectTensor(det(tensorOf('int32', [3], [1, 1])), 'float32', [], [3])
    expect(det(tensorOf('float16', [3], [1, 1])).dtype).toBe('float16')
  })

  it('of a product is the product', () => {
    const b = randomTensor(2, 2, 3, 3)
    expectEqual(det(a.matmul(b)), det(a).mul(det(b)))
  })

  it('agrees with finite differences, to the second order', () => gradcheck(det, [a], { order: 2 }))

  it('has the cofactors as its gradient, of singular matrices as well', () => {
    gradcheck(det, [singular])
    expectClose(float(slope(det, float([1, 2, 2, 4], [2, 2]))), [4, -2, -2, 1])
    expect(slope(det, float([0, 0, 0, 0, 0, 0, 0, 0, 0], [3, 3]))).toEqual(new Array(9).fill(0))
  })

  it('has no second derivative where it is 0', () => {
    const x = float([1, 2, 2, 4], [2, 2])
    const [gradient] = gradients(det(x), [x])
    const [second] = gradients(gradient.square().sum(), [x])
    expectError(() => second.dataSync(), 'argument', 'det: matrix 0 is singular')
  })
})

describe('slogdet and logdet', () => {
  it('agree with det', () => {
    const { sign, logabsdet } = slogdet(a)
    expectEqual(sign.mul(logabsdet.exp()), det(a))
    expectEqual(logdet(definite(3, 3, 3)).exp(), det(definite(3, 3, 3)), 1e-3)
  })

  it('do not overflow', () => {
    const { sign, logabsdet } = slogdet(unit(40).mul(-1e20))
    expectClose(sign, [1])
    expectClose(logabsdet, [40 * Math.log(1e20)])
  })

  it('of singular matrices, negative determinants and nothing', () => {
    const { sign, logabsdet } = slogdet(float([1, 2, 2, 4], [2, 2]))
    expect([numbers(sign), numbers(logabsdet)]).toEqual([[0], [-Infinity]])
    expect(numbers(logdet(float([0, 2, -2], [3, 1, 1])))).toEqual([-Infinity, Math.fround(Math.LN2), NaN])
    const empty = slogdet(float([], [0, 0]))
    expect([numbers(empty.sign), numbers(empty.logabsdet)]).toEqual([[1], [0]])
  })

  it('agree with finite differences, to the second order', () => {
    gradcheck(x => slogdet(x).logabsdet, [a], { order: 2 })
    gradcheck(logdet, [definite(4, 2, 3, 3)], { order: 2 })
  })

  it('have no gradient where the determinant is 0, and the sign has none', () => {
    const x = float([1, 2, 2, 4], [2, 2])
    const [dx] = gradients(slogdet(x).logabsdet, [x])
    expectError(() => dx.dataSync(), 'argument', 'slogdet: matrix 0 is singular')
    expect(slope(y => slogdet(y).sign, float([1, 2, 3, 4], [2, 2])).map(Math.abs)).toEqual([0, 0, 0, 0])
  })
})

describe('trace', () => {
  it('sums the diagonal of the last two dims', () => {
    expectTensor(trace(float([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2])), 'float32', [2], [5, 13])
    expectTensor(trace(tensorOf('uint8', [200, 0, 9, 0, 200, 9], [2, 3])), 'int32', [], [400])
    expectTensor(trace(float([], [0, 0])), 'float32', [], [0])
    gradcheck(trace, [randomTensor(5, 2, 3, 4)])
  })
})

describe('bad shapes', () => {
  it.each([det, slogdet, logdet])('are refused', op => {
    const message = `${op.name}: expected square matrices, got [2, 3]`
    expectError(() => op(float([1, 2, 3, 4, 5, 6], [2, 3])), 'shape', message)
    expectError(() => op(float([1, 2])), 'shape', `${op.name}: expected square matrices, got [2]`)
  })

  it('trace needs two dims', () => expect(() => trace(float([1]))).toThrow('dim -2 is out of range for rank 1'))
})
