import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import {
  customGradient,
  gradients,
  memory,
  ones,
  Parameter,
  realize,
  SurprisalError,
  type Tensor,
  tensor,
  valueAndGrad,
  zeros,
} from '../index.ts'

const list = (x: Tensor) => Array.from(x.dataSync())
const x = tensor([1, -2, 3])

describe('gradients', () => {
  it('are lazy tensors of the shape and dtype of the params', () => {
    const half = ones([2, 3], { dtype: 'float16' })
    const [dx, dhalf] = gradients(half.mul(x).sum(), [x, half])
    expect([dx.shape, dx.dtype, dhalf.shape, dhalf.dtype]).toEqual([[3], 'float32', [2, 3], 'float16'])
    expect(list(dx)).toEqual([2, 2, 2])
    expect(list(dhalf)).toEqual([1, -2, 3, 1, -2, 3])
  })

  it('add up over all ways', () => {
    const y = x.mul(2)
    expect(list(gradients(y.mul(x).add(y).sum(), [x])[0])).toEqual(list(x.mul(4).add(2)))
  })

  it('of a value in between and of its source stand side by side', () => {
    const y = x.square()
    const [dx, dy] = gradients(y.mul(x).sum(), [x, y])
    expect([list(dx), list(dy)]).toEqual([list(x.square().mul(3)), list(x)])
  })

  it('of the loss itself is 1', () => {
    const loss = x.sum()
    expect(gradients(loss, [loss])[0].itemSync()).toBe(1)
  })

  it('towards a param named twice, a view of it, and a cell beside its value', () => {
    const y = x.reshape([3, 1])
    expect(gradients(y.square().sum(), [x, x, y]).map(list)).toEqual([list(x.mul(2)), list(x.mul(2)), list(x.mul(2))])
    const cell = new Parameter(x)
    expect(gradients(cell.value.square().sum(), [cell, cell.value]).map(list)).toEqual([
      [2, -4, 6],
      [2, -4, 6],
    ])
  })

  it('are zeros, or null, towards what the loss does not depend on', () => {
    const other = zeros([2, 2])
    expect(list(gradients(x.sum(), [other])[0])).toEqual([0, 0, 0, 0])
    const [dx, dother] = gradients(x.sum(), [x, other], { allowUnused: true })
    expect([dx?.shape, dother]).toEqual([[3], null])
    expect(gradients(x.argmax().cast('float32').add(1), [x], { allowUnused: true })).toEqual([null])
  })

  it('take parameters at the value they had in the graph', () => {
    const cell = new Parameter(x)
    const loss = cell.value.square().sum()
    expect(list(gradients(loss, [cell])[0])).toEqual([2, -4, 6])
    cell.assign(zeros([3]))
    expect(gradients(loss, [cell], { allowUnused: true })).toEqual([null])
  })

  it('of gradients of gradients', () => {
    let y = x.pow(4).sum()
    const orders = Array.from({ length: 5 }, () => {
      const [dy] = gradients(y, [x])
      y = dy.sum()
      return list(dy)
    })
    expect(orders).toEqual([list(x.pow(3).mul(4)), list(x.square().mul(12)), list(x.mul(24)), [24, 24, 24], [0, 0, 0]])
  })

  it('stand on values that were read before', () => {
    const y = x.square()
    const loss = y.mul(x).sum()
    loss.itemSync()
    y.dataSync()
    expect(list(gradients(loss, [x])[0])).toEqual(list(x.square().mul(3)))
  })

  it('do not lose small terms among many', () => {
    let total: Tensor = x.sum().mul(0)
    for (let i = 0; i < 4096; i++) total = total.add(x.mul(1 / 4096).sum())
    expect(list(gradients(total, [x])[0])).toEqual([1, 1, 1])
  })

  it.each([
    [() => gradients(x, [x]), 'shape', 'gradients: loss must be a scalar, got shape [3]'],
    [() => gradients(x.argmax(), [x]), 'dtype', 'gradients: loss must be float, got int32'],
    [() => gradients(x.sum(), [x.argmax()]), 'dtype', 'gradients: param 0 must be float, got int32'],
    [() => gradients(x.sum(), [3 as never]), 'argument', 'gradients: param 0 must be a tensor, got number 3'],
    [() => gradients(null as never, []), 'argument', 'gradients: loss must be a tensor, got null'],
    [
      () => gradients(x.sum(), x as never),
      'argument',
      'gradients: params must be a list of tensors, got an object Tensor',
    ],
    [
      () => gradients(x.sum(), [x], true as never),
      'argument',
      'gradients: options must be an object, got boolean true',
    ],
  ] as const)('refuse %s', (call, code, message) => {
    expect(call).toThrow(new SurprisalError(code, message))
  })

  it('give their memory back when they are disposed of', async () => {
    const logits = ones([64, 1000])
    await realize(logits)
    const loss = logits.logSoftmax({ dim: 1 }).sum()
    const [grad] = gradients(loss, [logits])
    await realize(loss, grad)
    const { live } = memory()
    grad.dispose()
    expect(live - memory().live).toBe(4 * 64_000)
  })

  it('of what a rule returns as it is leave that alive', async () => {
    const own = tensor([3, 4])
    const pass = customGradient(
      y => y.mul(1),
      () => [own],
    )
    const [grad] = gradients(pass(x.slice(0, { end: 2 })).sum(), [x])
    grad.dispose()
    expect(list(own)).toEqual([3, 4])
  })

  it('refuse a loss that is gone', () => {
    const loss = x.sum()
    loss.dispose()
    expect(() => gradients(loss, [x])).toThrow('gradients: tensor used after dispose (created by sum [])')
  })
})

describe('valueAndGrad', () => {
  it('gives the value and the gradients towards the float tensors', () => {
    const fn = valueAndGrad((a: Tensor, index: Tensor, factor: number, b: Tensor) =>
      a.indexSelect(0, index).sum().mul(factor).add(b),
    )
    const { value, grads } = fn(x, tensor([2, 2], { dtype: 'int32' }), 5, tensor(1))
    expect(value.itemSync()).toBe(31)
    expect(grads.map(list)).toEqual([[0, 0, 10], [1]])
  })

  it('counts parameters among the tensors and names itself in messages', () => {
    const { grads } = valueAndGrad((cell: Parameter, y: Tensor) => y.mul(cell).sum())(new Parameter(x), x)
    expect(grads.map(list)).toEqual([list(x), list(x)])
    expect(() => valueAndGrad((y: Tensor) => y)(x)).toThrow('valueAndGrad: loss must be a scalar, got shape [3]')
  })

  it('agrees with differences through itself', () => {
    const norm = valueAndGrad((a: Tensor) => a.square().sum().sqrt())
    gradcheck(a => norm(a).grads[0], [x])
  })
})
