import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { gradients, type Tensor, tensor } from '../index.ts'
import { gatherAlong, putSlices, scatterAlong, takeSlices } from '../primitive.ts'

const x = tensor([
  [0.5, 1.5, -2],
  [3, -0.7, 0.9],
])
const source = tensor([
  [10, 20],
  [30, 40],
])
const int = (data: number[] | number[][]) => tensor(data, { dtype: 'int32' })
const list = (y: Tensor) => Array.from(y.dataSync())

describe('gather', () => {
  it.each([
    [0, [[1, 0, 1]]],
    [
      1,
      [
        [2, 0],
        [1, 1],
      ],
    ],
  ])('along dim %d agrees with differences', (dim, index) => {
    gradcheck(y => gatherAlong('test', y.square(), dim, int(index)), [x], { order: 2 })
  })

  it('adds up where an element is read several times', () => {
    expect(
      list(
        gradients(
          gatherAlong(
            'test',
            x,
            1,
            int([
              [2, 2],
              [0, 2],
            ]),
          ).sum(),
          [x],
        )[0],
      ),
    ).toEqual([0, 0, 2, 1, 0, 1])
  })
})

describe('take', () => {
  it.each([
    [0, [1, 1, 0]],
    [1, [2, 0, 0, 1]],
  ])('along dim %d agrees with differences', (dim, index) => {
    gradcheck(y => takeSlices('test', y.square(), dim, int(index)), [x], { order: 2 })
  })

  it('leaves what is not taken without gradient', () => {
    expect(list(gradients(takeSlices('test', x, 1, int([1])).sum(), [x])[0])).toEqual([0, 1, 0, 0, 1, 0])
    expect(list(gradients(takeSlices('test', x, 1, int([])).sum(), [x])[0])).toEqual([0, 0, 0, 0, 0, 0])
  })
})

describe('scatter', () => {
  const index = int([
    [0, 2],
    [1, 1],
  ])

  it.each(['add', 'set'] as const)('%s agrees with differences towards base and source', f => {
    gradcheck((base, src) => scatterAlong('test', f, base, 1, index, src).square(), [x, source], { order: 2 })
  })

  it('lets the last that sets a place have its gradient', () => {
    const [toBase, toSource] = gradients(scatterAlong('test', 'set', x, 1, index, source).sum(), [x, source])
    expect(list(toBase)).toEqual([0, 1, 0, 1, 0, 1])
    expect(list(toSource)).toEqual([1, 1, 0, 1])
  })

  it.each(['mul', 'max', 'min'] as const)('%s has a rule of the op and none of its own', f => {
    const y = scatterAlong('test', f, x, 1, index, source)
    expect(gradients(y.sum(), [x, source], { allowUnused: true })).toEqual([null, null])
  })
})

describe('put', () => {
  it.each(['add', 'set'] as const)('%s agrees with differences along both dims', f => {
    gradcheck((base, src) => putSlices('test', f, base, 1, int([2, 0]), src).square(), [x, source], { order: 2 })
    gradcheck((base, src) => putSlices('test', f, base, 0, int([1]), src).square(), [x, tensor([[1, 2, 3]])], {
      order: 2,
    })
  })

  it('lets the last slice that is set have its gradient', () => {
    const [toBase, toSource] = gradients(putSlices('test', 'set', x, 1, int([1, 1]), source).sum(), [x, source])
    expect([list(toBase), list(toSource)]).toEqual([
      [1, 0, 1, 1, 0, 1],
      [0, 1, 0, 1],
    ])
  })

  it('gives all slices that are added theirs', () => {
    const [toBase, toSource] = gradients(putSlices('test', 'add', x, 1, int([1, 1]), source).sum(), [x, source])
    expect([list(toBase), list(toSource)]).toEqual([
      [1, 1, 1, 1, 1, 1],
      [1, 1, 1, 1],
    ])
  })
})
