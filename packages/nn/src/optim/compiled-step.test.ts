import { compile, Parameter, SurprisalError, type Tensor, tensor } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { AdamW } from './adam.ts'
import { SGD } from './sgd.ts'

const cell = () => new Parameter(tensor([1]))

describe('inside of compile', () => {
  it('no step is taken, as all calls would have its number', () => {
    const a = cell()
    const optimizer = new AdamW([a])
    const step = compile((x: Tensor) => {
      optimizer.step([x])
      return x
    })
    const wrong = new SurprisalError('argument', 'AdamW.step: not inside compile (its step count would be fixed)')
    for (let i = 0; i < 2; i++) expect(() => step(tensor([1]))).toThrow(wrong)
    expect([Array.from(a.value.dataSync()), optimizer.steps]).toEqual([[1], 0])
  })

  it('no count of steps is loaded that only a read gives', () => {
    const optimizer = new SGD([cell()], { lr: 1 })
    const count = (x: Tensor) => ({ step: 0, tensors: { '0.step': x } })
    const load = compile((x: Tensor) => {
      optimizer.loadStateDict(count(x))
      return x
    })
    expect(() => load(tensor(3))).toThrow('SGD: state 0.step must be made from data, got a result of cpu')
    optimizer.loadStateDict(count(tensor(3)))
    expect(Array.from(optimizer.stateDict().tensors['0.step'].dataSync())).toEqual([3])
  })
})
