import { gradients, normal, type Tensor, tensor } from '@surprisal/tensor'
import { gradcheck } from '@surprisal/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { binaryCrossEntropyWithLogits } from './binary-cross-entropy-with-logits.ts'
import { sigmoidFocalLoss } from './sigmoid-focal.ts'

const scores = (shape: number[], seed = 1): Tensor => tensor(normal(seed, shape).dataSync(), { shape })
const values = (x: Tensor): number[] => Array.from(x.dataSync(), value => value + 0)

describe('sigmoidFocalLoss', () => {
  it('agrees with its definition', () => {
    const logit = fc.double({ min: -8, max: 8, noNaN: true })
    fc.assert(
      fc.property(logit, fc.constantFrom(0, 1), fc.double({ min: 0, max: 4, noNaN: true }), (x, t, gamma) => {
        const p = 1 / (1 + Math.exp(-x))
        const own = t === 1 ? p : 1 - p
        const expected = (t === 1 ? 0.3 : 0.7) * (1 - own) ** gamma * -Math.log(own)
        const loss = sigmoidFocalLoss(tensor([x]), tensor([t]), { alpha: 0.3, gamma })
        expect(loss.itemSync()).toBeCloseTo(expected, 4)
      }),
      { numRuns: 60, seed: 5 },
    )
  })

  it('is binary cross-entropy without focusing and weights', () => {
    const [x, t] = [
      scores([2, 3]),
      tensor([
        [0, 1, 0.5],
        [1, 0, 1],
      ]),
    ]
    const expected = binaryCrossEntropyWithLogits(x, t).itemSync() as number
    expect(sigmoidFocalLoss(x, t, { alpha: -1, gamma: 0 }).itemSync()).toBeCloseTo(expected, 6)
  })

  it('is 0, not NaN, with its gradient where nothing is missed', () => {
    const x = tensor([1e4, -1e4])
    for (const gamma of [0.5, 1, 2]) {
      const loss = sigmoidFocalLoss(x, tensor([1, 0]), { gamma, reduction: 'sum' })
      expect(loss.itemSync()).toBeCloseTo(0, 9)
      expect(values(gradients(loss, [x])[0])).toEqual([0, 0])
    }
    expect(sigmoidFocalLoss(x, tensor([0, 1]), { alpha: -1 }).itemSync()).toBe(1e4)
  })

  it.each([0, 0.5, 2])('has the gradient of its values for gamma %d', gamma => {
    gradcheck(
      (x, t) => sigmoidFocalLoss(x, t, { gamma }),
      [
        scores([2, 3]),
        tensor([
          [0, 1, 0.5],
          [1, 0, 1],
        ]),
      ],
    )
  })

  it('refuses options out of range', () => {
    const x = tensor([1])
    expect(() => sigmoidFocalLoss(x, x, { gamma: -1 })).toThrow(
      'sigmoidFocalLoss: gamma must be a finite number of at least 0, got -1',
    )
    expect(() => sigmoidFocalLoss(x, x, { alpha: 2 })).toThrow('sigmoidFocalLoss: alpha must be at most 1, got 2')
    expect(() => sigmoidFocalLoss(x, tensor([1, 0]))).toThrow('sigmoidFocalLoss: targets has shape [2], expected [1]')
  })
})
