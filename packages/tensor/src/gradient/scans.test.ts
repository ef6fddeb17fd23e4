import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import type { ScanName } from '../graph/node.ts'
import { gradients, type Tensor, tensor, zeros } from '../index.ts'
import { scan } from '../primitive.ts'

const cube = tensor([
  [
    [1.1, -0.4, 2.5],
    [0.7, 3.1, -1.9],
  ],
  [
    [-2.2, 0.6, 1.4],
    [0.2, -0.8, 2.9],
  ],
])
const list = (x: Tensor) => Array.from(x.dataSync())
const slope = (f: ScanName, x: Tensor, options = {}) =>
  list(gradients(scan('test', f, x, x.ndim - 1, options).sum(), [x])[0])

const directions = [{}, { reverse: true }, { exclusive: true }, { exclusive: true, reverse: true }]

describe.each(['sum', 'prod'] as const)('gradient of a scan of the %s', f => {
  it.each(directions)('agrees with differences with %j', options => {
    for (const dim of [0, 1, 2]) gradcheck(x => scan('test', f, x, dim, options), [cube], { order: 2 })
  })

  it('agrees with differences of a single element and of none', () => {
    gradcheck(x => scan('test', f, x, 0), [tensor([2])], { order: 2 })
    expect(slope(f, zeros([3, 0]))).toEqual([])
    expect(slope(f, tensor([2]), { exclusive: true })).toEqual([0])
  })
})

describe('gradient of a scan of the logsumexp', () => {
  it.each([{}, { reverse: true }])('agrees with differences with %j', options => {
    for (const dim of [0, 1, 2]) gradcheck(x => scan('test', 'logsumexp', x, dim, options), [cube], { order: 2 })
  })

  it('is finite for far apart and infinite elements', () => {
    expect(slope('logsumexp', tensor([-1e4, 1e4]))).toEqual([1, 1])
    expect(slope('logsumexp', tensor([Number.NEGATIVE_INFINITY, 0]))).toEqual([0, 1])
  })
})

describe('gradient of a running product', () => {
  it.each([
    [
      [2, 3, 4],
      [1 + 3 + 12, 2 + 8, 6],
    ],
    [
      [2, 0, 4],
      [1, 2 + 8, 0],
    ],
    [
      [0, 0, 4],
      [1, 0, 0],
    ],
  ])('of %j is exact at zeros', (x, wanted) => {
    expect(slope('prod', tensor(x))).toEqual(wanted)
  })

  it('is differentiable at zeros', () => {
    gradcheck(x => scan('test', 'prod', x, 1), [tensor([[0, 2, 0, 3]])], { order: 2 })
  })
})

describe('a scan of places', () => {
  it.each(['argmax', 'argmin'] as const)('of the %s has no gradient', f => {
    const places = scan('test', f, cube, 0).cast('float32')
    expect(gradients(places.sum(), [cube], { allowUnused: true })).toEqual([null])
  })
})
