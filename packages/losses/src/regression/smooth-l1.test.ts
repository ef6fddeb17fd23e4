import { gradients, normal, type Tensor, tensor } from '@surprisal/tensor'
import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { huberLoss } from './huber.ts'
import { smoothL1Loss } from './smooth-l1.ts'

const scores = (shape: number[], seed = 1): Tensor => tensor(normal(seed, shape).dataSync(), { shape })
const values = (x: Tensor): number[] => Array.from(x.dataSync(), value => value + 0)

describe('smoothL1Loss', () => {
  it('has slope 1 away from its tip', () => {
    const [x, t] = [tensor([0.5, 2, -3]), tensor([0, 0, 0])]
    expect(values(smoothL1Loss(x, t, { beta: 2, reduction: 'none' }))).toEqual([0.0625, 1, 2])
    expect(values(gradients(smoothL1Loss(x, t, { reduction: 'sum' }), [x])[0])).toEqual([0.5, 1, -1])
  })

  it('is the Huber loss divided by its threshold', () => {
    const [x, t] = [scores([3, 4]), scores([3, 4], 2)]
    const expected = (huberLoss(x, t, { delta: 0.4 }).itemSync() as number) / 0.4
    expect(smoothL1Loss(x, t, { beta: 0.4 }).itemSync()).toBeCloseTo(expected, 5)
  })

  it('is the absolute error for beta 0', () => {
    const x = tensor([2, -3, 0])
    const loss = smoothL1Loss(x, tensor([0, 0, 0]), { beta: 0, reduction: 'none' })
    expect(values(loss)).toEqual([2, 3, 0])
    expect(values(gradients(loss.sum(), [x])[0])).toEqual([1, -1, 0])
  })

  it.each([0, 0.3, 1])('has the gradient of its values for beta %d', beta => {
    gradcheck((x, t) => smoothL1Loss(x, t, { beta }), [scores([2, 3]), scores([2, 3], 2)])
  })

  it('refuses a negative beta', () => {
    expect(() => smoothL1Loss(scores([2]), scores([2]), { beta: -1 })).toThrow(
      'smoothL1Loss: beta must be a finite number of at least 0, got -1',
    )
    expect(() => smoothL1Loss(scores([2]), scores([3]))).toThrow('smoothL1Loss: target has shape [3], expected [2]')
  })
})
