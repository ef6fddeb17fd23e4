import { gradients, normal, type Tensor, tensor } from '@surprisal/tensor'
import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { jsDivLoss } from './js-div.ts'

const scores = (shape: number[], seed = 1): Tensor => tensor(normal(seed, shape).dataSync(), { shape })
const values = (x: Tensor): number[] => Array.from(x.dataSync(), value => value + 0)

describe('jsDivLoss', () => {
  const logP = scores([3, 4]).logSoftmax()
  const logQ = scores([3, 4], 2).logSoftmax()

  it('lies between 0 and log 2 and is symmetric', () => {
    const rows = values(jsDivLoss(logP, logQ, { reduction: 'none' }))
    expect(rows).toHaveLength(3)
    for (const row of rows) expect(row > 0 && row < Math.LN2).toBe(true)
    expect(jsDivLoss(logQ, logP).itemSync()).toBeCloseTo(jsDivLoss(logP, logQ).itemSync() as number, 6)
    expect(jsDivLoss(logP, logP).itemSync()).toBeCloseTo(0, 6)
  })

  it('is log 2 for distributions that share nothing', () => {
    const [a, b] = [tensor([[0, -1e4]]), tensor([[-1e4, 0]])]
    expect(jsDivLoss(a, b).itemSync()).toBeCloseTo(Math.LN2, 6)
  })

  it('divides by the batch, of which a single distribution is 1', () => {
    const sum = jsDivLoss(logP, logQ, { reduction: 'sum' }).itemSync() as number
    expect(jsDivLoss(logP, logQ).itemSync()).toBeCloseTo(sum / 3, 6)
    const one = jsDivLoss(logP.select(0, 0), logQ.select(0, 0)).itemSync() as number
    expect(values(jsDivLoss(logP, logQ, { reduction: 'none' }))[0]).toBeCloseTo(one, 6)
    const nested = jsDivLoss(logP.unsqueeze(0), logQ.unsqueeze(0))
    expect(nested.itemSync()).toBeCloseTo(sum, 5)
  })

  it('is harmless where outcomes are impossible', () => {
    const a = tensor([Math.log(0.5), Math.log(0.5), Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY])
    const b = tensor([Math.log(0.5), Number.NEGATIVE_INFINITY, Math.log(0.5), Number.NEGATIVE_INFINITY])
    const loss = jsDivLoss(a, b)
    expect(loss.itemSync()).toBeCloseTo(Math.LN2 / 2, 6)
    for (const grad of gradients(loss, [a, b])) expect(values(grad).every(Number.isFinite)).toBe(true)
  })

  it('has the gradient of its values', () => {
    const leaves = [logP, logQ].map(x => tensor(x.dataSync(), { shape: x.shape }))
    gradcheck((p, q) => jsDivLoss(p, q), leaves, { order: 2 })
  })

  it('refuses what it cannot use, and says what it got', () => {
    expect(() => jsDivLoss(logP, logQ.select(0, 0))).toThrow('jsDivLoss: logQ has shape [4], expected [3, 4]')
    expect(() => jsDivLoss(tensor(0), tensor(0))).toThrow('jsDivLoss: logP has shape [], expected at least one dim')
    expect(() => jsDivLoss(logP, logQ, { reduction: 'avg' as 'sum' })).toThrow(
      "jsDivLoss: reduction 'avg' is not one of none|mean|sum|batchmean",
    )
  })
})
