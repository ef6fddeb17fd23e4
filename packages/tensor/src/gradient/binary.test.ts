import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import type { BinaryName } from '../graph/node.ts'
import { gradients, type Tensor, tensor } from '../index.ts'
import { binary } from '../primitive.ts'
import { binaryRules } from './binary.ts'

const points: Partial<Record<BinaryName, [number[], number[]]>> = {
  pow: [
    [0.3, 1, 2.5, 4],
    [-1.5, 0.5, 2, 3],
  ],
  remainder: [
    [5.3, -5.3, 7.1, -2.2],
    [2.1, 2.1, -3.2, -0.9],
  ],
  fmod: [
    [5.3, -5.3, 7.1, -2.2],
    [2.1, 2.1, -3.2, -0.9],
  ],
}
const [left, right] = [
  [-1.3, 0.4, 2, 3.1],
  [0.8, -2.1, 0.6, 4.4],
]
const curved: BinaryName[] = [
  'add',
  'sub',
  'mul',
  'div',
  'pow',
  'atan2',
  'hypot',
  'logaddexp',
  'maximum',
  'minimum',
  'fmax',
  'fmin',
  'remainder',
  'fmod',
]
const flat = (Object.keys(binaryRules) as BinaryName[]).filter(name => !curved.includes(name))

const apply = (name: BinaryName) => (a: Tensor, b: Tensor) => binary('test', name, a, b)

/** Gradients of the sum towards both sides at one point. */
const slopes = (name: BinaryName, a: number, b: number): number[] => {
  const [x, y] = [tensor([a]), tensor([b])]
  return gradients(apply(name)(x, y).sum(), [x, y]).map(grad => grad.dataSync()[0])
}

describe('binary rules', () => {
  it.each(curved)('%s agrees with differences, to the second order', name => {
    const [a, b] = points[name] ?? [left, right]
    gradcheck(apply(name), [tensor(a), tensor(b)], { order: 2 })
  })

  it.each(curved)('%s agrees with differences when one side is repeated', name => {
    const [a, b] = points[name] ?? [left, right]
    gradcheck(apply(name), [tensor([a, a.map(x => x * 1.1)]), tensor(b)])
    gradcheck(apply(name), [tensor(a[2]), tensor(b)])
    gradcheck(apply(name), [tensor(a.map(x => [x])), tensor(b[2])])
  })

  it.each(['mul', 'add', 'sub', 'hypot', 'logaddexp'] as const)('%s of a tensor with itself', name => {
    gradcheck(x => apply(name)(x, x.mul(2)), [tensor(left)], { order: 2 })
  })

  it.each(flat)('%s says that nothing flows', name => {
    const x = tensor([1, 2])
    expect(binaryRules[name](x, x, x, x)).toEqual([null, null])
  })

  it.each([
    ['maximum', 2, 2, [0.5, 0.5]],
    ['minimum', 2, 2, [0.5, 0.5]],
    ['fmax', 1, 1, [0.5, 0.5]],
    ['fmax', Number.NaN, 3, [0, 1]],
    ['fmax', 3, Number.NaN, [1, 0]],
    ['fmin', Number.NaN, 3, [0, 1]],
    ['fmin', Number.NaN, Number.NaN, [1, 0]],
    ['hypot', 0, 0, [0, 0]],
    ['pow', 0, 2, [0, 0]],
    ['pow', 0, 1, [1, 0]],
    ['pow', 3, 0, [0, Math.fround(Math.log(3))]],
    ['pow', 0, 0, [0, 0]],
    ['pow', -2, 3, [12, Number.NaN]],
    ['logaddexp', Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, [0.5, 0.5]],
    ['logaddexp', Number.NEGATIVE_INFINITY, 2, [0, 1]],
    ['logaddexp', 500, -500, [1, 0]],
    ['div', 1, 0, [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]],
    ['remainder', 7, 3, [1, -2]],
    ['fmod', -7, 3, [1, 2]],
  ] as [BinaryName, number, number, number[]][])('%s at (%d, %d) has slopes %j', (name, a, b, wanted) => {
    const got = slopes(name, a, b)
    wanted.forEach((value, i) => {
      if (Number.isNaN(value)) expect(got[i]).toBeNaN()
      else expect(got[i]).toBeCloseTo(value, 6)
    })
  })

  it('differentiates a power with a number at 0 as often as one likes', () => {
    const x = tensor([0])
    let y = x.pow(3).sum()
    const values = Array.from({ length: 4 }, () => {
      const [slope] = gradients(y, [x])
      y = slope.sum()
      return slope.dataSync()[0]
    })
    expect(values).toEqual([0, 0, 6, 0])
  })
})
