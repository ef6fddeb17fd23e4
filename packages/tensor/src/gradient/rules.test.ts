import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { arange, cat, gradients, normal, randomBits, randomKey, type Tensor, tensor, where, zeros } from '../index.ts'
import { contract, select } from '../primitive.ts'
import { nodeOf } from '../tensor.ts'
import { backward } from './rules.ts'

const list = (x: Tensor) => Array.from(x.dataSync())
const draw = (seed: number, shape: number[]) => normal(randomKey(seed), shape)

describe('backward of each kind of node', () => {
  it('select sends the gradient to the side that was chosen', () => {
    const condition = tensor([true, false, true])
    const [a, b] = [tensor([1, 2, 3]), tensor([4, 5, 6])]
    const grads = gradients(select('test', condition, a, b).sum(), [a, b])
    expect(grads.map(list)).toEqual([
      [1, 0, 1],
      [0, 1, 0],
    ])
    gradcheck((x, y) => where(x.greater(y), x.square(), y.exp()), [draw(1, [5]), draw(2, [3, 5])], { order: 2 })
  })

  it('cast passes floats and stops at integers', () => {
    const x = tensor([1.25, 2.5])
    expect(list(gradients(x.cast('float16').cast('float32').mul(3).sum(), [x])[0])).toEqual([3, 3])
    expect(gradients(x.cast('int32').cast('float32').sum(), [x], { allowUnused: true })).toEqual([null])
  })

  it.each([
    [
      [1, 2, 3],
      [1, 3, 2],
    ],
    [
      [4, 1, 3],
      [4, 3, 1],
    ],
    [
      [2, 2, 1],
      [2, 1, 2],
    ],
  ])('contract of %j and %j agrees with differences', (a, b) => {
    gradcheck((x, y) => contract('test', x, y), [draw(3, a), draw(4, b)], { order: 2 })
  })

  it('contract with an inner size of 0 has zero gradients', () => {
    const [a, b] = [zeros([1, 2, 0]), zeros([1, 0, 3])]
    expect(gradients(contract('test', a, b).sum(), [a, b]).map(grad => grad.shape)).toEqual([
      [1, 2, 0],
      [1, 0, 3],
    ])
  })

  it.each([0, 1])('cat along dim %d gives each part its piece, empty parts too', dim => {
    const parts = [draw(5, [2, 2]), dim === 0 ? draw(6, [3, 2]) : draw(6, [2, 3]), zeros(dim === 0 ? [0, 2] : [2, 0])]
    gradcheck((...xs) => cat(xs, { dim }).square(), parts.slice(0, 2), { order: 2 })
    const shapes = gradients(cat(parts, { dim }).sum(), parts).map(grad => grad.shape)
    expect(shapes).toEqual(parts.map(part => part.shape))
  })

  it('sources have no inputs and no gradients', () => {
    const dy = tensor(1)
    for (const source of [tensor([1]), arange(3), randomBits(randomKey(0), [2])])
      expect(backward(nodeOf(source, 'test'), dy).filter(grad => grad !== null)).toEqual([])
  })

  it('sorting orders the gradient as it orders the values', () => {
    const x = tensor([3, 1, 2])
    const { values } = x.sort()
    expect(list(gradients(values.mul(tensor([10, 20, 30])).sum(), [x])[0])).toEqual([30, 10, 20])
  })
})

describe('gradients of composed ops', () => {
  const ops: [string, (x: Tensor) => Tensor][] = [
    ['softmax', x => x.softmax()],
    ['logSoftmax', x => x.logSoftmax()],
    ['logsumexp', x => x.logsumexp({ dim: 1 })],
    ['cumprod', x => x.cumprod({ dim: 1 })],
    ['norm', x => x.norm({ dim: 0 })],
    ['variance', x => x.var({ dim: 1 })],
    ['matmul with itself', x => x.matmul(x.transpose(0, 1))],
    ['flip and roll', x => x.flip([0]).roll(1, 1).mul(x)],
    ['tile', x => x.tile([2, 1]).square()],
    ['diagonal', x => x.matmul(x.transpose(0, 1)).diagonal()],
    ['einsum', x => x.mul(x.sum({ dim: 0, keepdim: true }))],
  ]

  it.each(ops)('%s agrees with differences, to the second order', (_, op) => {
    gradcheck(op, [draw(7, [3, 4])], { order: 2 })
  })
})
