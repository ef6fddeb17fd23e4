import { describe, expect, it } from 'vitest'
import { isContiguous } from '../../graph/affine.ts'
import type { Node } from '../../graph/node.ts'
import { gradients, normal, type Tensor } from '../../index.ts'
import { nodeOf } from '../../tensor.ts'
import { expectClose, numbers } from '../__fixtures__/test-tools.ts'
import {
  byFlippedWeights,
  byOverlapAdding,
  type Convolution,
  correlate,
  weightProduct,
} from './convolution-products.ts'
import { coveredBy } from './windows.ts'

const random = (seed: number, ...shape: number[]): Tensor => normal(seed, shape)
const problem = (groups: number, before: number, stride = 1): Convolution => ({
  op: 'conv2d',
  groups,
  sizes: [5, 4],
  windows: {
    kernel: [3, 2],
    stride: [stride, stride],
    dilation: [1, 1],
    before: [before, before],
    outputs: [Math.floor((2 + 2 * before) / stride) + 1, Math.floor((2 + 2 * before) / stride) + 1],
  },
})

/** All nodes of one kind that a tensor is made of. */
function nodesOf(x: Tensor, kind: string): Node[] {
  const found = new Set<Node>([nodeOf(x, 'test')])
  for (const node of found) for (const input of node.inputs) found.add(input)
  return [...found].filter(node => node.primitive.kind === kind)
}

/** The windows that a contract reads: its second operand is a reshape of them. */
function windowsOf(x: Tensor): Node {
  const [contract] = nodesOf(x, 'contract')
  const reshaped = contract.inputs[1]
  expect(reshaped.primitive.kind === 'view' && isContiguous(reshaped.primitive.map)).toBe(true)
  return reshaped.inputs[0]
}

describe('the products of a convolution', () => {
  const x = random(1, 2, 4, 5, 4)
  const weight = random(2, 6, 2, 3, 2)

  it('are each one contract over a reshaped view of windows', () => {
    const c = problem(2, 1)
    const dy = random(3, 2, 6, ...c.windows.outputs)
    for (const [y, shape, operand] of [
      [correlate(c, x, weight), [4, 2, 3, 2, 5, 5], [4, 12, 25]],
      [byFlippedWeights(c, dy, weight), [4, 3, 3, 2, 5, 4], [4, 18, 20]],
      [weightProduct(c, x, dy), [2, 2, 5, 5, 2, 3, 2], [2, 50, 12]],
    ] as const) {
      expect(nodesOf(y, 'contract').map(node => node.inputs[1].shape)).toEqual([operand])
      expect(windowsOf(y).shape).toEqual(shape)
    }
  })

  it('pad at most once', () => {
    const guards = (y: Tensor) =>
      nodesOf(y, 'view').filter(({ primitive }) => primitive.kind === 'view' && primitive.map.guard)
    expect(guards(correlate(problem(2, 1), x, weight))).toHaveLength(1)
    expect(guards(correlate(problem(2, 0), x, weight))).toHaveLength(0)
  })

  it('read the elements where they stand for a kernel of one place', () => {
    const { sizes } = problem(1, 0)
    const windows = { kernel: [1, 1], stride: [1, 1], dilation: [1, 1], before: [0, 0], outputs: sizes }
    const c = { op: 'conv2d', groups: 1, sizes, windows }
    const view = windowsOf(correlate(c, x, random(4, 3, 4, 1, 1)))
    expect(view.primitive.kind === 'view' && isContiguous(view.primitive.map)).toBe(true)
    expect(view.inputs[0]).toBe(nodeOf(x, 'test'))
  })

  it('agree on the input with steps and without', () => {
    for (const [groups, before] of [
      [1, 0],
      [2, 1],
      [2, 3],
    ]) {
      const c = problem(groups, before)
      const dy = random(5, 2, 6, ...c.windows.outputs)
      const w = random(6, 6, 4 / groups, 3, 2)
      expectClose(byFlippedWeights(c, dy, w), numbers(byOverlapAdding(c, dy, w)), 1e-5, 1e-5)
    }
  })

  it('are the gradients that the views alone would give', () => {
    const c = problem(2, 1, 2)
    const dy = random(7, 2, 6, ...c.windows.outputs)
    const [dx, dw] = gradients(correlate(c, x, weight).mul(dy).sum(), [x, weight])
    expectClose(byOverlapAdding(c, dy, weight), numbers(dx), 1e-5, 1e-5)
    expectClose(weightProduct(c, x, dy), numbers(dw), 1e-5, 1e-5)
    expect(coveredBy('test', x, c.windows, 0).shape).toEqual([2, 4, 7, 6])
  })
})
