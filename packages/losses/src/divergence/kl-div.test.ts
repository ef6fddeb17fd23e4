import { gradients, normal, type Tensor, tensor } from '@surprisal/tensor'
import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { klDivLoss } from './kl-div.ts'

const scores = (shape: number[], seed = 1): Tensor => tensor(normal(seed, shape).dataSync(), { shape })
const values = (x: Tensor): number[] => Array.from(x.dataSync(), value => value + 0)

describe('klDivLoss', () => {
  const p = tensor([
    [0.5, 0.5],
    [0.9, 0.1],
  ])
  const logq = tensor([
    [0.25, 0.75],
    [0.9, 0.1],
  ]).log()
  const divergence = 0.5 * Math.log(2) + 0.5 * Math.log(0.5 / 0.75)

  it('is the divergence only as batchmean', () => {
    expect(klDivLoss(logq, p, { reduction: 'batchmean' }).itemSync()).toBeCloseTo(divergence / 2, 6)
    expect(klDivLoss(logq, p, { reduction: 'sum' }).itemSync()).toBeCloseTo(divergence, 6)
    expect(klDivLoss(logq, p).itemSync()).toBeCloseTo(divergence / 4, 6)
    expect(klDivLoss(logq, p, { reduction: 'none' }).shape).toEqual([2, 2])
  })

  it('takes log-probabilities', () => {
    const options = { logTarget: true, reduction: 'batchmean' as const }
    expect(klDivLoss(logq, p.log(), options).itemSync()).toBeCloseTo(divergence / 2, 6)
  })

  it.each([false, true])('adds nothing for impossible outcomes, log target %s', logTarget => {
    const certain = tensor(logTarget ? [0, Number.NEGATIVE_INFINITY] : [1, 0])
    const input = tensor([Math.log(0.5), Number.NEGATIVE_INFINITY])
    const loss = klDivLoss(input, certain, { logTarget, reduction: 'sum' })
    expect(loss.itemSync()).toBeCloseTo(Math.LN2, 6)
    expect(gradients(loss, [input, certain]).map(grad => values(grad)[1])).toEqual([0, 0])
  })

  it('is infinite where the target holds what input excludes', () => {
    const input = tensor([0, Number.NEGATIVE_INFINITY])
    expect(klDivLoss(input, tensor([0.5, 0.5]), { reduction: 'sum' }).itemSync()).toBe(Number.POSITIVE_INFINITY)
  })

  it.each([false, true])('has the gradient of its values, log target %s', logTarget => {
    const target = scores([2, 3], 2).logSoftmax()
    const leaf = tensor((logTarget ? target : target.exp()).dataSync(), { shape: [2, 3] })
    gradcheck((x, t) => klDivLoss(x, t, { logTarget, reduction: 'batchmean' }), [scores([2, 3]), leaf], { order: 2 })
  })

  it('refuses what it cannot use, and says what it got', () => {
    expect(() => klDivLoss(logq, tensor([1, 0]))).toThrow('klDivLoss: target has shape [2], expected [2, 2]')
    expect(() => klDivLoss(logq, p, { reduction: 'avg' as 'sum' })).toThrow(
      "klDivLoss: reduction 'avg' is not one of none|mean|sum|batchmean",
    )
  })
})
