import { gradients, normal, type Tensor, tensor } from '@surprisal/tensor'
import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { poissonNllLoss } from './poisson-nll.ts'

const scores = (shape: number[], seed = 1): Tensor => tensor(normal(seed, shape).dataSync(), { shape })
const values = (x: Tensor): number[] => Array.from(x.dataSync(), value => value + 0)

describe('poissonNllLoss', () => {
  it('takes log-rates or rates', () => {
    const rate = tensor([0.5, 2, 4])
    const counts = tensor([0, 2, 7], { dtype: 'int32' })
    const expected = [0.5, 2 - 2 * Math.log(2), 4 - 7 * Math.log(4)]
    for (const [input, logInput] of [
      [rate.log(), true],
      [rate, false],
    ] as const)
      values(poissonNllLoss(input, counts, { logInput, reduction: 'none' })).forEach((value, i) => {
        expect(value).toBeCloseTo(expected[i], 5)
      })
  })

  it('adds Stirling for counts above 1 only', () => {
    const stirling = (t: number) => t * Math.log(t) - t + 0.5 * Math.log(2 * Math.PI * t)
    const [x, t] = [tensor([0, 0, 0, 0]), tensor([0, 1, 2, 9])]
    const plain = values(poissonNllLoss(x, t, { reduction: 'none' }))
    const full = values(poissonNllLoss(x, t, { full: true, reduction: 'none' }))
    full.forEach((value, i) => {
      expect(value - plain[i]).toBeCloseTo(i > 1 ? stirling(i === 2 ? 2 : 9) : 0, 5)
    })
  })

  it('is finite at rate 0', () => {
    const x = tensor([0])
    const loss = poissonNllLoss(x, tensor([2]), { logInput: false })
    expect(loss.itemSync()).toBeCloseTo(-2 * Math.log(1e-8), 3)
    expect(values(gradients(loss, [x])[0])[0] / -2e8).toBeCloseTo(1, 5)
  })

  it('has the gradient of its values', () => {
    const counts = tensor([0, 0.5, 1.5, 4])
    gradcheck((x, t) => poissonNllLoss(x, t, { full: true }), [scores([4]), counts])
    gradcheck((x, t) => poissonNllLoss(x, t, { logInput: false }), [tensor([0.1, 1, 2, 3]), counts])
  })

  it('refuses what it cannot use', () => {
    expect(() => poissonNllLoss(scores([2]), scores([3]))).toThrow('poissonNllLoss: target has shape [3], expected [2]')
    expect(() => poissonNllLoss(scores([2]), scores([2]), { eps: -1 })).toThrow(
      'poissonNllLoss: eps must be a finite number of at least 0, got -1',
    )
  })
})
