import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import type { ReduceName } from '../graph/node.ts'
import { gradients, ones, type Tensor, tensor, zeros } from '../index.ts'
import { reduce } from '../primitive.ts'

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
const slope = (f: ReduceName, x: Tensor, dims: readonly number[]) =>
  list(gradients(reduce('test', f, x, dims).sum(), [x])[0])

const names = ['sum', 'prod', 'max', 'min'] as const
const subsets = [[0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2], []]

describe.each(names)('gradient of the %s', f => {
  it.each(subsets.map(dims => [dims]))('agrees with differences over dims %j', dims => {
    gradcheck(x => reduce('test', f, x, dims), [cube], { order: 2 })
  })

  it('agrees with differences over a transposed tensor', () => {
    gradcheck(x => reduce('test', f, x.transpose(0, 2), [0, 1]), [cube])
  })

  it('has the shape of an empty tensor', () => {
    expect(slope('sum', zeros([0, 3]), [1])).toEqual([])
    if (f === 'sum' || f === 'prod') expect(slope(f, zeros([2, 0]), [1])).toEqual([])
  })
})

describe('gradient of a product', () => {
  it.each([
    [
      [2, 3, 4],
      [12, 8, 6],
    ],
    [
      [2, 0, 4],
      [0, 8, 0],
    ],
    [
      [0, 0, 4],
      [0, 0, 0],
    ],
    [[5], [1]],
  ])('of %j is the product of the others', (x, wanted) => {
    expect(slope('prod', tensor(x), [0])).toEqual(wanted)
  })

  it('is differentiable at zeros', () => {
    gradcheck(
      x => reduce('test', 'prod', x, [1]),
      [
        tensor([
          [2, 0, 4],
          [0, 0, 3],
        ]),
      ],
      { order: 2 },
    )
  })
})

describe('gradient of an extreme', () => {
  it('is shared evenly among ties', () => {
    expect(slope('max', tensor([1, 3, 3, 2]), [0])).toEqual([0, 0.5, 0.5, 0])
    expect(slope('min', ones([2, 2]), [0, 1])).toEqual([0.25, 0.25, 0.25, 0.25])
  })

  it('passes where the extreme is infinite', () => {
    expect(slope('max', tensor([1, Number.POSITIVE_INFINITY]), [0])).toEqual([0, 1])
    expect(slope('min', tensor([Number.NEGATIVE_INFINITY, 1]), [0])).toEqual([1, 0])
  })

  it('is zero for places instead of values', () => {
    expect(gradients(cube.argmax({ dim: 0 }).cast('float32').sum(), [cube], { allowUnused: true })).toEqual([null])
  })
})
