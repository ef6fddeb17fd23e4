import { gradients, normal, type Tensor, tensor } from '@surprisal/tensor'
import { gradcheck } from '@surprisal/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { binaryCrossEntropyWithLogits } from './binary-cross-entropy-with-logits.ts'

const scores = (shape: number[], seed = 1): Tensor => tensor(normal(seed, shape).dataSync(), { shape })
const values = (x: Tensor): number[] => Array.from(x.dataSync(), value => value + 0)

describe('binaryCrossEntropyWithLogits', () => {
  it('is log 2 for an undecided score', () => {
    const loss = binaryCrossEntropyWithLogits(tensor([0, 0]), tensor([0, 1]), { reduction: 'none' })
    for (const value of values(loss)) expect(value).toBeCloseTo(Math.LN2, 6)
  })

  it('agrees with its definition', () => {
    const logit = fc.double({ min: -15, max: 15, noNaN: true })
    const unit = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(logit, unit, unit, (x, t, w) => {
        const expected = (1 - t) * x + (1 + (w - 1) * t) * Math.log1p(Math.exp(-x))
        const loss = binaryCrossEntropyWithLogits(tensor([x]), tensor([t]), { posWeight: tensor([w]) })
        expect(loss.itemSync()).toBeCloseTo(expected, 4)
      }),
      { numRuns: 60, seed: 4 },
    )
  })

  it('broadcasts weights over the trailing dims', () => {
    const [x, t] = [
      scores([2, 3]),
      tensor([
        [0, 1, 0],
        [1, 1, 0],
      ]),
    ]
    const plain = values(binaryCrossEntropyWithLogits(x, t, { reduction: 'none' }))
    const weight = tensor([1, 2, 3])
    const weighted = values(binaryCrossEntropyWithLogits(x, t, { weight, reduction: 'none' }))
    weighted.forEach((value, i) => {
      expect(value).toBeCloseTo(plain[i] * ((i % 3) + 1), 5)
    })
    const positive = values(binaryCrossEntropyWithLogits(x, t, { posWeight: tensor([2]), reduction: 'none' }))
    positive.forEach((value, i) => {
      expect(value).toBeCloseTo(plain[i] * (values(t)[i] + 1), 5)
    })
  })

  it('keeps the digits of small losses, and is finite for scores of 1e4', () => {
    const x = tensor([-20, 1e4, -1e4, 1e4])
    const losses = binaryCrossEntropyWithLogits(x, tensor([0, 1, 1, 0]), { reduction: 'none' })
    expect(values(losses)[0] / Math.exp(-20)).toBeCloseTo(1, 5)
    expect(values(losses).slice(1)).toEqual([0, 1e4, 1e4])
    expect(values(gradients(losses.sum(), [x])[0]).slice(1)).toEqual([0, -1, 1])
  })

  it('has the gradient of its values', () => {
    const weights = { posWeight: tensor([3, 0.5]), weight: tensor([1, 2]) }
    gradcheck(
      (x, t) => binaryCrossEntropyWithLogits(x, t, weights),
      [
        scores([3, 2]),
        tensor([
          [0, 1],
          [0.3, 1],
          [1, 0],
        ]),
      ],
      {
        order: 2,
      },
    )
  })

  it('refuses what it cannot use, and says what it got', () => {
    const x = tensor([1, 2])
    const op = 'binaryCrossEntropyWithLogits'
    expect(() => binaryCrossEntropyWithLogits(x, tensor([1]))).toThrow(`${op}: targets has shape [1], expected [2]`)
    expect(() => binaryCrossEntropyWithLogits(x, x, { posWeight: tensor([1, 2, 3]) })).toThrow(
      `${op}: posWeight has shape [3], expected one that broadcasts to [2]`,
    )
    expect(() => binaryCrossEntropyWithLogits(x, x, { weight: tensor([[1, 2]]) })).toThrow(
      `${op}: weight has shape [1, 2]`,
    )
    expect(() => binaryCrossEntropyWithLogits(x.cast('int32'), x)).toThrow(`${op}: logits must be float, got int32`)
  })
})
