import { Buffer, gradients, Module, normal, ones, type Parameter, type Tensor, tensor, zeros } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { BatchNorm1d } from './batch-norm.ts'
import { Sequential } from './containers.ts'
import { functionalCall } from './functional-call.ts'
import { Linear } from './linear.ts'

const values = async (t: Tensor): Promise<number[]> => [...(await t.data())]

/** Two maps with one weight. */
class Tied extends Module {
  first = new Linear(2, 2, { key: 1, bias: false })
  second = new Linear(2, 2, { key: 2, bias: false })
  offset = new Buffer(zeros([2]))

  constructor() {
    super()
    this.second.weight = this.first.weight
  }

  override forward(x: Tensor, shift: number): Tensor {
    return this.second.forward(this.first.forward(x)).add(this.offset).add(shift)
  }
}

const double = tensor([
  [2, 0],
  [0, 2],
])

describe('functionalCall', () => {
  it('uses other values, and leaves the module as it was', async () => {
    const net = new Sequential(new Linear(2, 3, { key: 1 }), new Linear(3, 1, { key: 2 }))
    const x = normal(3, [4, 2])
    const before = await values(net.forward(x))
    const cells = net.parameters()
    const [weight, bias] = [ones([1, 3]), tensor([10])]
    const hidden = (net[0] as Linear).forward(x)
    const wanted = await values(hidden.sum({ dim: 1, keepdim: true }).add(10))
    const got = await values(functionalCall(net, { '1.weight': weight, '1.bias': bias }, x))
    wanted.forEach((value, i) => {
      expect(got[i]).toBeCloseTo(value, 5)
    })
    expect(net.parameters()).toEqual(cells)
    expect(await values(net.forward(x))).toEqual(before)
  })

  it('lets gradients reach the values', async () => {
    const scale = tensor([3])
    const weight = double.mul(scale)
    const y = functionalCall(new Tied(), { 'first.weight': weight }, tensor([[1, 1]]), 0)
    const [grad] = gradients(y.sum(), [scale])
    // Each element is (2 scale)^2, so that the sum grows by 16 scale.
    expect(await values(grad)).toEqual([48])
  })

  it('replaces a tied parameter at all its places, and buffers', async () => {
    const module = new Tied()
    const y = functionalCall(module, { 'first.weight': double, offset: tensor([1, 2]) }, tensor([[1, 1]]), 100)
    expect(await values(y)).toEqual([105, 106])
    expect(module.second.weight).toBe(module.first.weight)
    expect(await values(module.offset.value)).toEqual([0, 0])
  })

  it('keeps the statistics of a module whose buffers are substituted', async () => {
    const norm = new BatchNorm1d(2)
    const x = normal(1, [8, 2])
    functionalCall(
      norm,
      { running_mean: zeros([2]), running_var: ones([2]), num_batches_tracked: zeros([], { dtype: 'int32' }) },
      x,
    )
    expect(await values(norm.runningMean.value)).toEqual([0, 0])
    norm.forward(x)
    expect(await values(norm.runningMean.value)).not.toEqual([0, 0])
  })

  it('puts cells back where the call throws', () => {
    const net = new Sequential(new Linear(2, 3, { key: 1 }))
    const weight: Parameter = (net[0] as Linear).weight
    expect(() => functionalCall(net, { '0.weight': zeros([3, 2]) }, zeros([4, 5]))).toThrow('inFeatures = 2')
    expect((net[0] as Linear).weight).toBe(weight)
  })

  it('refuses what does not fit', () => {
    const call = (given: Record<string, Tensor>) => () => functionalCall(new Tied(), given, zeros([1, 2]), 0)
    expect(call({ third: zeros([1]) })).toThrow('functionalCall: key must be one of the module, got third')
    expect(call({ offset: zeros([3]) })).toThrow('functionalCall: offset must have shape [2], got [3]')
    expect(call({ offset: zeros([2], { dtype: 'int32' }) })).toThrow(
      'functionalCall: offset must be float32, got int32',
    )
    expect(call({ offset: 3 as never })).toThrow('functionalCall: offset must be a tensor, got number 3')
  })
})
