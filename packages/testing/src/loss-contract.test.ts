import { SurprisalError, type Tensor } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { defineLoss, type LossDescriptor } from './loss-contract.ts'

const descriptor: LossDescriptor = {
  name: 'squaredError',
  loss: (x: Tensor, y: Tensor) => x.sub(y).square().mean(),
  reference: ([x, y]) => x.reduce((sum, value, i) => sum + (value - y[i]) ** 2, 0) / x.length,
  inputs: [
    { name: 'predictions', dtype: 'float32', shape: 'N,D' },
    { name: 'targets', dtype: 'float32', shape: 'N,D', domain: 'unit' },
  ],
  options: {},
  differentiable: ['predictions'],
  stable: true,
}

describe('defineLoss', () => {
  it('gives the descriptor back, for a contract to list', () => {
    expect(defineLoss(descriptor)).toBe(descriptor)
    expect(defineLoss({ ...descriptor, differentiable: [] }).differentiable).toEqual([])
  })

  it.each(['labels', 'Predictions', ''])('refuses to differentiate %j, which is no input', name => {
    expect(() => defineLoss({ ...descriptor, differentiable: ['predictions', name] })).toThrow(
      new SurprisalError('argument', `defineLoss: differentiable must name an input of squaredError, got ${name}`),
    )
  })
})
