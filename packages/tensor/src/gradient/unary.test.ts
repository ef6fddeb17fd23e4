import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import type { UnaryName } from '../graph/node.ts'
import { gradients, type Tensor, tensor } from '../index.ts'
import { unary } from '../primitive.ts'
import { unaryRules } from './unary.ts'

/** Points where the function is smooth: everywhere unless said. */
const smooth = [-1.7, -0.6, 0.3, 0.9, 2.2]
const positive = [0.05, 0.4, 1, 2.5, 9]
const points: Partial<Record<UnaryName, number[]>> = {
  sqrt: positive,
  rsqrt: positive,
  log: positive,
  log2: positive,
  log10: positive,
  log1p: [-0.9, -0.2, 0.4, 3],
  reciprocal: [-2, -0.3, 0.5, 4],
  asin: [-0.9, -0.4, 0.1, 0.8],
  acos: [-0.9, -0.4, 0.1, 0.8],
  atanh: [-0.9, -0.4, 0.1, 0.8],
  acosh: [1.1, 1.8, 5],
  tan: [-1.2, -0.3, 0.7, 1.3],
  erfinv: [-0.9, -0.4, 0.1, 0.8],
  lgamma: [0.3, 1.4, 2.7, 5.1],
  digamma: [0.3, 1.4, 2.7, 5.1],
}

const flat: UnaryName[] = ['sign', 'floor', 'ceil', 'round', 'trunc', 'isnan', 'isfinite', 'isinf', 'logicalNot']
const bitwise: UnaryName[] = ['bitwiseNot', 'normalFromBits']
const names = Object.keys(unaryRules) as UnaryName[]
const curved = names.filter(name => !flat.includes(name) && !bitwise.includes(name))

const slope = (name: UnaryName, x: Tensor): number[] =>
  Array.from(gradients(unary('test', name, x).sum(), [x])[0].dataSync())

describe('unary rules', () => {
  it.each(curved)('%s agrees with differences, to the second order', name => {
    gradcheck(x => unary('test', name, x), [tensor(points[name] ?? smooth)], { order: 2 })
  })

  it.each(curved)('%s agrees with differences on a transposed and a repeated operand', name => {
    const list = (points[name] ?? smooth).slice(0, 3)
    gradcheck(x => unary('test', name, x.transpose(0, 1)), [tensor([list, [...list].reverse()])])
    gradcheck(x => unary('test', name, x.unsqueeze(0).expand([2, 3])), [tensor(list)])
  })

  it.each(curved)('%s agrees with differences where its exponent or its tail is large', name => {
    const far: Partial<Record<UnaryName, number[]>> = { sigmoid: [-30, 30], softplus: [-30, 30], tanh: [-12, 12] }
    const list = far[name] ?? points[name] ?? [-3, 3]
    gradcheck(x => unary('test', name, x), [tensor(list)], { atol: 1e-9 })
  })

  it.each(flat.slice(0, 5))('%s has gradient zero', name => {
    expect(slope(name, tensor([-1.5, 0.25, 2]))).toEqual([0, 0, 0])
  })

  it.each([...flat, ...bitwise])('%s says that nothing flows', name => {
    const x = tensor([1, 2])
    expect(unaryRules[name](x, x, x)).toBeNull()
  })

  it.each([
    ['abs', 0, 0],
    ['sqrt', 0, Number.POSITIVE_INFINITY],
    ['log', 0, Number.POSITIVE_INFINITY],
    ['exp', Number.NEGATIVE_INFINITY, 0],
    ['tanh', 100, 0],
    ['sigmoid', -200, 0],
    ['sigmoid', 200, 0],
    ['softplus', 200, 1],
    ['softplus', -200, 0],
    ['erf', 30, 0],
    ['asin', 1, Number.POSITIVE_INFINITY],
    ['acos', -1, Number.NEGATIVE_INFINITY],
    ['atanh', 1, Number.POSITIVE_INFINITY],
  ] as const)('%s at %d has slope %d', (name, at, wanted) => {
    expect(slope(name, tensor([at]))[0]).toBe(wanted)
  })

  it.each(['sqrt', 'asin', 'acos'] as const)('%s outside of its domain has no slope', name => {
    expect(slope(name, tensor([-2]))[0]).toBeNaN()
  })
})
