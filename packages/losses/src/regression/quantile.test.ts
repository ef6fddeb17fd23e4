import { gradients, normal, type Tensor, tensor } from '@surprisal/tensor'
import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { quantileLoss } from './quantile.ts'

const scores = (shape: number[], seed = 1): Tensor => tensor(normal(seed, shape).dataSync(), { shape })
const values = (x: Tensor): number[] => Array.from(x.dataSync(), value => value + 0)

describe('quantileLoss', () => {
  it('minds one side more', () => {
    const [x, t] = [tensor([1, 3]), tensor([2, 1])]
    expect(values(quantileLoss(x, t, { quantile: 0.75, reduction: 'none' }))).toEqual([0.75, 0.5])
    expect(quantileLoss(x, t).itemSync()).toBe(0.75)
  })

  it('takes one estimate of each of a list', () => {
    const x = tensor([
      [1, 2, 3],
      [0, 0, 0],
    ])
    const t = tensor([2, -4])
    const quantile = [0.25, 0.5, 0.75]
    const losses = quantileLoss(x, t, { quantile, reduction: 'none' })
    expect(losses.shape).toEqual([2, 3])
    expect(values(losses)).toEqual([0.25, 0, 0.25, 3, 2, 1])
    expect(quantileLoss(x, t, { quantile }).itemSync()).toBeCloseTo(6.5 / 6, 6)
  })

  it('is least at the quantile of the targets', () => {
    const t = tensor(Array.from({ length: 101 }, (_, i) => i))
    const at = (constant: number) => quantileLoss(t.fullLike(constant), t, { quantile: 0.9 }).itemSync() as number
    expect(at(90)).toBeLessThan(at(89))
    expect(at(90)).toBeLessThan(at(91))
  })

  it('has half of each slope where input and target meet', () => {
    const x = tensor([1])
    expect(values(gradients(quantileLoss(x, tensor([1]), { quantile: 0.75 }), [x])[0])).toEqual([-0.25])
  })

  it('has the gradient of its values', () => {
    gradcheck((x, t) => quantileLoss(x, t, { quantile: [0.1, 0.6] }), [scores([3, 2]), scores([3], 2)])
  })

  it('refuses what it cannot use, and says what it got', () => {
    const x = scores([2, 3])
    for (const quantile of [0, 1, Number.NaN, [0.5, 1.5, 0.1]])
      expect(() => quantileLoss(x, x, { quantile })).toThrow('quantileLoss: quantile must be in the open (0, 1), got')
    expect(() => quantileLoss(x, x, { quantile: [] })).toThrow('quantileLoss: quantile must be a number or a list')
    expect(() => quantileLoss(x, x, { quantile: [0.5] })).toThrow(
      'quantileLoss: input has shape [2, 3], expected 1 quantiles',
    )
    expect(() => quantileLoss(x, x, { quantile: [0.1, 0.2, 0.3] })).toThrow(
      'quantileLoss: target has shape [2, 3], expected [2]',
    )
    expect(() => quantileLoss(x, scores([3]))).toThrow('quantileLoss: target has shape [3], expected [2, 3]')
  })
})
