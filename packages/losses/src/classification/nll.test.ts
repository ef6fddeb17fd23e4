import { gradients, normal, type Tensor, tensor } from '@surprisal/tensor'
import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { crossEntropy } from './cross-entropy.ts'
import { nllLoss } from './nll.ts'

const scores = (shape: number[], seed = 1): Tensor => tensor(normal(seed, shape).dataSync(), { shape })
const classes = (data: number[], shape = [data.length]): Tensor => tensor(data, { shape, dtype: 'int32' })
const values = (x: Tensor): number[] => Array.from(x.dataSync(), value => value + 0)

describe('nllLoss', () => {
  it('picks the class of each row and divides by the weights it met', () => {
    const logProbs = tensor([
      [-1, -2, -3],
      [-4, -5, -6],
    ])
    const options = { weight: tensor([1, 2, 4]) }
    expect(nllLoss(logProbs, classes([1, 0])).itemSync()).toBe(3)
    expect(nllLoss(logProbs, classes([1, 0]), options).itemSync()).toBeCloseTo((2 * 2 + 1 * 4) / 3, 6)
    expect(values(nllLoss(logProbs, classes([1, 2]), { ...options, reduction: 'none' }))).toEqual([4, 24])
    expect(nllLoss(logProbs, classes([1, 2]), { ...options, reduction: 'sum' }).itemSync()).toBe(28)
  })

  it('is cross-entropy after logSoftmax', () => {
    const logits = scores([2, 4, 3])
    const y = classes([1, 0, 3, 2, -100, 0], [2, 3])
    const options = { weight: scores([4], 2).exp() }
    const expected = crossEntropy(logits, y, options).itemSync() as number
    expect(nllLoss(logits.logSoftmax({ dim: 1 }), y, options).itemSync()).toBeCloseTo(expected, 5)
    const last = nllLoss(logits.movedim(1, 2).logSoftmax(), y, { ...options, classDim: -1 })
    expect(last.itemSync()).toBeCloseTo(expected, 5)
  })

  it('has the gradient of its values', () => {
    gradcheck(x => nllLoss(x, classes([2, -100, 0]), { weight: tensor([1, 2, 3]) }), [scores([3, 3])])
    gradcheck(x => nllLoss(x, tensor(1, { dtype: 'int32' })), [scores([3])])
  })

  it('lets ignored rows neither count nor spoil the gradient', () => {
    const logProbs = tensor([
      [Number.NaN, -1],
      [-2, -3],
    ])
    const loss = nllLoss(logProbs, classes([-100, 1]))
    expect(loss.itemSync()).toBe(3)
    expect(values(gradients(loss, [logProbs])[0])).toEqual([0, 0, 0, -1])
    expect(nllLoss(logProbs, classes([-1, -1]), { ignoreIndex: -1, reduction: 'sum' }).itemSync()).toBe(0)
    expect(nllLoss(logProbs, classes([-1, -1]), { ignoreIndex: -1 }).itemSync()).toBeNaN()
  })

  it('refuses what it cannot use, and says what it got', () => {
    const logProbs = scores([2, 3])
    expect(() => nllLoss(logProbs, classes([1, 3])).itemSync()).toThrow(
      'nllLoss: targets holds class 3, out of range [0, 3)',
    )
    expect(values(nllLoss(logProbs, classes([1, 3]), { validate: false, reduction: 'none' }))[1]).toBeNaN()
    expect(() => nllLoss(logProbs, classes([1]))).toThrow('nllLoss: targets has shape [1], expected [2]')
    expect(() => nllLoss(logProbs, scores([2]))).toThrow('nllLoss: targets must be integers, got float32')
    expect(() => nllLoss(classes([1]), classes([1]))).toThrow('nllLoss: logProbs must be float, got int32')
    expect(() => nllLoss(logProbs, classes([0, 1]), { weight: tensor([1]) })).toThrow(
      'nllLoss: weight has shape [1], expected [3]',
    )
  })
})
