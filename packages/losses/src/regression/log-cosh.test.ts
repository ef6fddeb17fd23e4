import { gradients, normal, type Tensor, tensor } from '@surprisal/tensor'
import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { logCoshLoss } from './log-cosh.ts'

const scores = (shape: number[], seed = 1): Tensor => tensor(normal(seed, shape).dataSync(), { shape })
const values = (x: Tensor): number[] => Array.from(x.dataSync(), value => value + 0)

describe('logCoshLoss', () => {
  it('is log cosh of the error', () => {
    const errors = [-3, -0.5, 0, 0.1, 2]
    const losses = values(logCoshLoss(tensor(errors), tensor([0, 0, 0, 0, 0]), { reduction: 'none' }))
    losses.forEach((value, i) => {
      expect(value).toBeCloseTo(Math.log(Math.cosh(errors[i])), 6)
    })
  })

  it('is finite where cosh is not, with slope tanh', () => {
    const x = tensor([500, -1e4, 0])
    const losses = logCoshLoss(x, tensor([0, 0, 0]), { reduction: 'none' })
    expect(values(losses)).toEqual([expect.closeTo(500 - Math.LN2, 3), expect.closeTo(1e4 - Math.LN2, 2), 0])
    expect(values(gradients(losses.sum(), [x])[0])).toEqual([1, -1, 0])
  })

  it('has the gradient of its values', () => {
    gradcheck((x, t) => logCoshLoss(x, t), [scores([2, 3]), scores([2, 3], 2)], { order: 2 })
  })

  it('refuses other shapes and dtypes', () => {
    expect(() => logCoshLoss(scores([2]), scores([3]))).toThrow('logCoshLoss: target has shape [3], expected [2]')
    expect(() => logCoshLoss(tensor([1], { dtype: 'int32' }), scores([1]))).toThrow(
      'logCoshLoss: input must be float, got int32',
    )
  })
})
