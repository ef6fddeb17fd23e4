import { gradients, normal, type Tensor, tensor } from '@surprisal/tensor'
import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { gaussianNllLoss } from './gaussian-nll.ts'

const scores = (shape: number[], seed = 1): Tensor => tensor(normal(seed, shape).dataSync(), { shape })
const values = (x: Tensor): number[] => Array.from(x.dataSync(), value => value + 0)

describe('gaussianNllLoss', () => {
  it('is the negative log-density, up to its constant', () => {
    const [x, t, v] = [tensor([0, 1]), tensor([2, 1]), tensor([4, 0.25])]
    const density = (d: number, variance: number) =>
      Math.exp((-d * d) / 2 / variance) / Math.sqrt(2 * Math.PI * variance)
    const losses = values(gaussianNllLoss(x, t, v, { full: true, reduction: 'none' }))
    expect(losses[0]).toBeCloseTo(-Math.log(density(2, 4)), 6)
    expect(losses[1]).toBeCloseTo(-Math.log(density(0, 0.25)), 6)
    const half = gaussianNllLoss(x, t, v).itemSync() as number
    expect(half + 0.5 * Math.log(2 * Math.PI)).toBeCloseTo((losses[0] + losses[1]) / 2, 6)
  })

  it('takes one variance for the last dim', () => {
    const [x, t, v] = [scores([2, 3]), scores([2, 3], 2), tensor([0.5, 2])]
    const expected = gaussianNllLoss(x, t, v.unsqueeze(1).expand([2, 3])).itemSync() as number
    expect(gaussianNllLoss(x, t, v).itemSync()).toBeCloseTo(expected, 6)
    expect(gaussianNllLoss(x, t, v.unsqueeze(1)).itemSync()).toBeCloseTo(expected, 6)
  })

  it('raises small variances but not their gradient', () => {
    const v = tensor([0])
    const loss = gaussianNllLoss(tensor([0]), tensor([0.001]), v, { eps: 1e-4 })
    expect(loss.itemSync()).toBeCloseTo((Math.log(1e-4) + 1e-2) / 2, 4)
    expect(values(gradients(loss, [v])[0])[0]).toBeCloseTo((1e4 - 1e-6 / 1e-8) / 2, 0)
  })

  it('has the gradient of its values', () => {
    gradcheck(
      (x, t, v) => gaussianNllLoss(x, t, v, { full: true }),
      [scores([2, 3]), scores([2, 3], 2), tensor([0.5, 2])],
    )
  })

  it('refuses what it cannot use, and says what it got', () => {
    const x = scores([2, 3])
    expect(() => gaussianNllLoss(x, x, tensor([1, -1])).itemSync()).toThrow(
      'gaussianNllLoss: variance holds -1, expected at least 0',
    )
    expect(() => gaussianNllLoss(x, x, scores([3]))).toThrow('gaussianNllLoss: variance has shape [3], expected [2, 3]')
    expect(() => gaussianNllLoss(tensor(1), tensor(1), tensor([1]))).toThrow(
      'gaussianNllLoss: variance has shape [1], expected []',
    )
    expect(() => gaussianNllLoss(x, x, x, { eps: 0 })).toThrow(
      'gaussianNllLoss: eps must be a positive finite number, got 0',
    )
  })
})
