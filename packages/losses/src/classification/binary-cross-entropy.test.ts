import { gradients, type Tensor, tensor } from '@surprisal/tensor'
import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { binaryCrossEntropy } from './binary-cross-entropy.ts'
import { binaryCrossEntropyWithLogits } from './binary-cross-entropy-with-logits.ts'

const values = (x: Tensor): number[] => Array.from(x.dataSync(), value => value + 0)

describe('binaryCrossEntropy', () => {
  it('is the loss of logits after a sigmoid', () => {
    const logits = tensor([-2, -0.5, 0.1, 3])
    const targets = tensor([0, 1, 0.4, 1])
    const expected = values(binaryCrossEntropyWithLogits(logits, targets, { reduction: 'none' }))
    values(binaryCrossEntropy(logits.sigmoid(), targets, { reduction: 'none' })).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 5)
    })
  })

  it('clamps the logarithms at -100, and the gradient as PyTorch does', () => {
    const p = tensor([0, 1, 0, 1])
    const losses = binaryCrossEntropy(p, tensor([1, 0, 0, 1]), { reduction: 'none' })
    expect(values(losses)).toEqual([100, 100, 0, 0])
    expect(values(gradients(losses.sum(), [p])[0]).map(slope => slope / 1e12)).toEqual([
      expect.closeTo(-1, 5),
      expect.closeTo(1, 5),
      0,
      0,
    ])
  })

  it('weighs elements', () => {
    const options = { weight: tensor([2, 0]), reduction: 'sum' as const }
    expect(binaryCrossEntropy(tensor([[0.5, 0.9]]), tensor([[1, 0]]), options).itemSync()).toBeCloseTo(2 * Math.LN2, 6)
  })

  it('has the gradient of its values', () => {
    gradcheck(
      (p, t) => binaryCrossEntropy(p, t, { weight: tensor([1, 2]) }),
      [
        tensor([
          [0.2, 0.7],
          [0.5, 0.9],
        ]),
        tensor([
          [0, 1],
          [0.3, 0.6],
        ]),
      ],
      { order: 2 },
    )
  })

  it('refuses probabilities out of range at the read and lets NaN through', () => {
    const t = tensor([1, 0])
    const loss = binaryCrossEntropy(tensor([0.5, 1.5]), t)
    expect(() => loss.itemSync()).toThrow('binaryCrossEntropy: probs holds 1.5, out of range [0, 1]')
    expect(binaryCrossEntropy(tensor([0.5, Number.NaN]), t).itemSync()).toBeNaN()
    expect(() => binaryCrossEntropy(t, tensor([1]))).toThrow('binaryCrossEntropy: targets has shape [1], expected [2]')
    expect(() => binaryCrossEntropy(t, t, { weight: tensor([1, 2, 3]) })).toThrow(
      'binaryCrossEntropy: weight has shape [3]',
    )
  })
})
