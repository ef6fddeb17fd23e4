import { gradients, Module, normal, type Parameter, type Tensor, tensor } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { Embedding } from '../layers/embedding.ts'
import { Linear } from '../layers/linear.ts'
import { AdamW } from './adam.ts'
import { Muon } from './muon.ts'
import { MuonWithAdamW, type MuonWithAdamWOptions } from './muon-with-adamw.ts'

class Net extends Module {
  embedding = new Embedding(5, 4, { key: 1 })
  hidden = new Linear(4, 4, { key: 2 })
  head = new Linear(4, 2, { key: 3 })

  forward(ids: Tensor): Tensor {
    return this.head.forward(this.hidden.forward(this.embedding.forward(ids)).tanh())
  }
}

const ids = tensor([0, 3, 4], { dtype: 'int32' })
const lossOf = (net: Net): Tensor => net.forward(ids).sub(1).square().mean()
const values = (params: readonly Parameter[]) => params.map(param => Array.from(param.value.dataSync()))
const options: MuonWithAdamWOptions = { muon: { lr: 0.02 }, adamw: { lr: 0.01 } }

describe('MuonWithAdamW', () => {
  it('is Muon for hidden matrices and AdamW for embeddings, heads and vectors', async () => {
    const [both, apart] = [new Net(), new Net()]
    const together = new MuonWithAdamW(both.namedParameters(), options)
    const matrix = [apart.hidden.weight]
    const others = apart.parameters().filter(param => !matrix.includes(param))
    const [muon, adamw] = [new Muon(matrix, { lr: 0.04 }), new AdamW(others, { lr: 0.02 })]
    for (let step = 0; step < 3; step++) {
      together.step(gradients(lossOf(both), together.params), { lr: 0.02 })
      await together.settle()
      const loss = lossOf(apart)
      muon.step(gradients(loss, matrix))
      adamw.step(gradients(loss, others))
    }
    expect(values(both.parameters())).toEqual(values(apart.parameters()))
    expect(together.steps).toBe(3)
    expect(together.groups.map(group => [group.lr, group.params.length])).toEqual([
      [0.01, 4],
      [0.02, 1],
    ])
  })

  it('splits by names of the caller, also into one part only', () => {
    const net = new Net()
    const sizes = (exclude: RegExp) =>
      new MuonWithAdamW(net.namedParameters(), { ...options, exclude }).groups.map(group => group.params.length)
    expect(sizes(/^hidden/)).toEqual([3, 2])
    expect(sizes(/./)).toEqual([5])
    const matrices = net.namedParameters().filter(([name]) => name === 'hidden.weight')
    expect(new MuonWithAdamW(matrices).groups).toEqual([{ params: [net.hidden.weight], lr: 0.02, weightDecay: 0 }])
  })

  it('goes on from its state', () => {
    const run = (from: number, to: number, net: Net, optimizer: MuonWithAdamW): number[][] => {
      for (let step = from; step < to; step++) optimizer.step(gradients(lossOf(net), optimizer.params))
      return values(net.parameters())
    }
    const whole = new Net()
    const wanted = run(0, 4, whole, new MuonWithAdamW(whole.namedParameters(), options))
    const net = new Net()
    const before = new MuonWithAdamW(net.namedParameters(), options)
    run(0, 2, net, before)
    const after = new MuonWithAdamW(net.namedParameters(), options)
    after.loadStateDict(before.stateDict())
    expect(run(2, 4, net, after)).toEqual(wanted)
    expect(after.stateDict().step).toBe(4)
    expect(Object.keys(after.stateDict().tensors)).toContain('muon.0.momentum')
  })

  it('refuses foreign state as a whole', () => {
    const net = new Net()
    const optimizer = new MuonWithAdamW(net.namedParameters(), options)
    const step = (): void => optimizer.step(gradients(lossOf(net), optimizer.params))
    step()
    const state = optimizer.stateDict()
    step()
    const before = Object.values(optimizer.stateDict().tensors).map(value => Array.from(value.dataSync()))
    const load = (tensors: object) => () =>
      optimizer.loadStateDict({ step: 1, tensors: { ...state.tensors, ...tensors } })
    expect(load({ 'sgd.0.m': tensor(1) })).toThrow('MuonWithAdamW: state must belong to a parameter, got key sgd.0.m')
    expect(load({ 'adamw.9.m': tensor(1) })).toThrow('AdamW: state must belong to a parameter, got key 9.m')
    expect(load({ 'muon.0.m': tensor(1) })).toThrow('Muon: state must belong to a parameter, got key 0.m')
    expect(Object.values(optimizer.stateDict().tensors).map(value => Array.from(value.dataSync()))).toEqual(before)
    expect(optimizer.steps).toBe(2)
  })

  it('reaches a small loss', async () => {
    const net = new Net()
    const optimizer = new MuonWithAdamW(net.namedParameters(), options)
    for (let step = 0; step < 60; step++) {
      const loss = lossOf(net)
      optimizer.step(gradients(loss, optimizer.params))
      await optimizer.settle(loss)
    }
    expect(lossOf(net).itemSync()).toBeLessThan(0.03)
  })

  it('moves nothing when a gradient is refused', () => {
    const net = new Net()
    const optimizer = new MuonWithAdamW(net.namedParameters(), options)
    const before = values(optimizer.params)
    const grads = gradients(lossOf(net), optimizer.params)
    expect(() => optimizer.step(grads.slice(1))).toThrow('MuonWithAdamW: grads must hold 5 entries, got 4')
    expect(() => optimizer.step([...grads.slice(0, 4), normal(0, [3])])).toThrow(
      'MuonWithAdamW: gradient 4 must have shape [2], got [3]',
    )
    const infinite = tensor([1, Number.POSITIVE_INFINITY])
    expect(() => optimizer.step([...grads.slice(0, 4), infinite], { errorIfNonfinite: true })).toThrow(
      'MuonWithAdamW: gradient 4 must be finite',
    )
    expect(values(optimizer.params)).toEqual(before)
  })

  it('refuses what has no names', () => {
    const net = new Net()
    expect(() => new MuonWithAdamW([])).toThrow('MuonWithAdamW: named must hold names with parameters, got none')
    expect(() => new MuonWithAdamW(net.parameters() as never)).toThrow('got an object Parameter')
  })
})
