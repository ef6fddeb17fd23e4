import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { defineOp, gradients, ones, Parameter, realize, SurprisalError, type Tensor, tensor } from './index.ts'

/** The cube, opaque. */
const cube = defineOp({
  name: 'cube',
  infer: ([x]) => [x],
  reference: ([x], [out]) => {
    for (let i = 0; i < out.length; i++) out[i] = x.data[i] ** 3
  },
  gradient: ([dy], [x]) => [dy.mul(x.square()).mul(3)],
})

/** Sum and product of two tensors, opaque, with the scale of an option. */
const sumAndProduct = defineOp<{ scale?: number }>({
  name: 'sumAndProduct',
  infer: ([a, b]) => {
    if (a.shape.length !== b.shape.length)
      throw new SurprisalError('shape', `sumAndProduct: ranks must agree, got ${a.shape.length} and ${b.shape.length}`)
    return [a, { shape: a.shape, dtype: 'float32' }]
  },
  reference: ([a, b], [sum, product], { scale = 1 }) => {
    for (let i = 0; i < sum.length; i++) {
      sum[i] += scale * (a.data[i] + b.data[i])
      product[i] += scale * a.data[i] * b.data[i]
    }
  },
  gradient: ([toSum, toProduct], [a, b], _outputs, { scale = 1 }) => [
    toSum.add(toProduct.mul(b)).mul(scale),
    toSum.add(toProduct.mul(a)).mul(scale),
  ],
})

/** Mean square, composed. */
const meanSquare = defineOp({
  name: 'meanSquare',
  infer: () => [{ shape: [], dtype: 'float32' }],
  lower: ([x]) => [x.square().mean()],
})

const list = (x: Tensor) => Array.from(x.dataSync())

describe('defineOp with reference', () => {
  it('computes on dense arrays, whatever view it is given', () => {
    const x = tensor([
      [1, 2],
      [3, 4],
    ])
    expect(list(cube([x.transpose(0, 1)])[0])).toEqual([1, 27, 8, 64])
  })

  it('is lazy until its value is asked for', async () => {
    let calls = 0
    const op = defineOp({
      name: 'lazy',
      infer: ([x]) => [x],
      reference: () => {
        calls += 1
      },
    })
    const [y] = op([tensor([1])])
    expect([y.shape, calls]).toEqual([[1], 0])
    await realize(y)
    expect(calls).toBe(1)
    expect(list(y)).toEqual([0])
  })

  it('gives several results and passes options', () => {
    const [sum, product] = sumAndProduct([tensor([1, 2]), new Parameter(tensor([3, 4]))], { scale: 2 })
    expect([list(sum), list(product)]).toEqual([
      [8, 12],
      [6, 16],
    ])
  })

  it('starts from zeros even in arrays that were used before', () => {
    for (let round = 0; round < 3; round++) {
      const busy = ones([2]).mul(7).exp()
      const [sum] = sumAndProduct([busy, busy.mul(0)])
      expect(list(sum.div(busy))).toEqual([1, 1])
    }
  })

  it('differentiates by its own rule, twice', () => {
    const x = tensor([0.5, -1.5, 2])
    expect(list(gradients(cube([x])[0].sum(), [x])[0])).toEqual([0.75, 6.75, 12])
    const [first] = gradients(cube([x])[0].sum(), [x])
    expect(list(gradients(first.sum(), [x])[0])).toEqual([3, -9, 12])
    gradcheck(y => cube([y])[0], [x], { order: 2 })
  })

  it('differentiates each of several results and both at once', () => {
    const [a, b] = [tensor([1, 2]), tensor([3, 5])]
    const [sum, product] = sumAndProduct([a, b], { scale: 2 })
    expect(gradients(sum.sum(), [a, b]).map(list)).toEqual([
      [2, 2],
      [2, 2],
    ])
    expect(gradients(product.sum(), [a, b]).map(list)).toEqual([
      [6, 10],
      [2, 4],
    ])
    gradcheck((x, y) => sumAndProduct([x, y]), [a, b], { order: 2 })
  })

  it('lets no gradient pass without a rule', () => {
    const opaque = defineOp({ name: 'opaque', infer: ([x]) => [x], reference: () => {} })
    const x = tensor([1])
    expect(gradients(opaque([x])[0].sum(), [x], { allowUnused: true })).toEqual([null])
  })
})

describe('defineOp with lower', () => {
  it('computes and differentiates as its parts do', () => {
    const x = tensor([1, 2, 3])
    expect(meanSquare([x])[0].itemSync()).toBeCloseTo(14 / 3, 6)
    gradcheck(y => meanSquare([y])[0], [x], { order: 2 })
  })

  it('takes a gradient of its own before that of its parts', () => {
    const straightThrough = defineOp({
      name: 'straightThrough',
      infer: ([x]) => [x],
      lower: ([x]) => [x.round()],
      gradient: ([dy]) => [dy],
    })
    const x = tensor([0.4, 1.6])
    const [y] = straightThrough([x])
    expect([list(y), list(gradients(y.sum(), [x])[0])]).toEqual([
      [0, 2],
      [1, 1],
    ])
  })

  it.each([
    [[{ shape: [2], dtype: 'float32' }], 'wrong: result 0 must have shape [2], got []'],
    [[{ shape: [], dtype: 'int32' }], 'wrong: result 0 must be int32, got float32'],
    [[], 'wrong: lower must give 0 results, got 1'],
  ] as const)('holds its results to what infer says', (specs, message) => {
    const op = defineOp({ name: 'wrong', infer: () => specs, lower: ([x]) => [x.sum()] })
    expect(() => op([tensor([1])])).toThrow(message)
  })
})

describe('defineOp with mistakes', () => {
  it('needs lower or reference', () => {
    expect(() => defineOp({ name: 'empty', infer: () => [] })).toThrow(
      new SurprisalError('argument', 'defineOp: empty must have lower or reference'),
    )
  })

  it('passes on what infer throws', () => {
    expect(() => sumAndProduct([tensor([1]), tensor(1)])).toThrow(
      new SurprisalError('shape', 'sumAndProduct: ranks must agree, got 1 and 0'),
    )
  })

  it('names the input that is no tensor', () => {
    expect(() => cube([[1, 2] as never])).toThrow(
      new SurprisalError('argument', 'cube: input 0 must be a tensor, got an array of 2'),
    )
  })

  it.each([
    [() => [], 'bad: gradient must return 1 gradients, got 0'],
    [([dy]: readonly Tensor[]) => [dy.sum()], 'bad: gradient 0 must have shape [2], got []'],
  ])('refuses a gradient of another number or shape', (gradient, message) => {
    const op = defineOp({ name: 'bad', infer: ([x]) => [x], reference: () => {}, gradient })
    const x = tensor([1, 2])
    expect(() => gradients(op([x])[0].sum(), [x])).toThrow(message)
  })
})

describe('defineOp called wrongly', () => {
  const x = tensor([1, 2])
  const define = (part: object) =>
    defineOp<object>({ name: 'op', infer: inputs => inputs, lower: inputs => inputs, ...part })

  it.each([
    [{ name: '' }, 'defineOp: name must be a text, got string '],
    [{ infer: 3 }, 'defineOp: infer of op must be a function, got number 3'],
    [{ infer: () => 3 }, 'op: infer must give a list of shapes and dtypes, got number 3'],
    [{ infer: () => [null] }, 'op: shape must be a list of numbers, got undefined'],
    [{ infer: () => [{ shape: [2], dtype: 'f' }] }, 'op: infer must give dtypes among'],
    [{ lower: () => 3 }, 'op: lower must give a list of tensors, got number 3'],
    [{ lower: () => [3] }, 'op: result 0 must be a tensor, got number 3'],
  ])('refuses %o', (part, message) => {
    expect(() => define(part)([x])).toThrow(message)
  })

  it('refuses inputs that are no list', () => {
    expect(() => define({})(x as never)).toThrow('op: inputs must be a list of tensors, got an object Tensor')
  })

  it('has a gradient after its result was disposed of', () => {
    const exponential = defineOp({
      name: 'exponential',
      infer: ([y]) => [y],
      lower: ([y]) => [y.exp()],
      gradient: ([dy], _inputs, [y]) => [dy.mul(y)],
    })
    const [y] = exponential([x])
    const loss = y.sum()
    y.dispose()
    expect(list(gradients(loss, [x])[0])).toEqual(list(x.exp()))
  })
})
