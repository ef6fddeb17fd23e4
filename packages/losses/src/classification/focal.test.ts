import { gradients, normal, type Tensor, tensor } from '@surprisal/tensor'
import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { crossEntropy } from './cross-entropy.ts'
import { focalLoss } from './focal.ts'

const scores = (shape: number[], seed = 1): Tensor => tensor(normal(seed, shape).dataSync(), { shape })
const classes = (data: number[], shape = [data.length]): Tensor => tensor(data, { shape, dtype: 'int32' })
const values = (x: Tensor): number[] => Array.from(x.dataSync(), value => value + 0)

describe('focalLoss', () => {
  it('is cross-entropy for gamma 0', () => {
    const [x, y] = [scores([2, 4, 3]), classes([1, 0, 3, 2, -100, 0], [2, 3])]
    expect(focalLoss(x, y, { gamma: 0 }).itemSync()).toBeCloseTo(crossEntropy(x, y).itemSync() as number, 6)
  })

  it('turns a sample down by what is missed of it', () => {
    const x = tensor([[0, Math.log(3)]])
    expect(focalLoss(x, classes([1])).itemSync()).toBeCloseTo((1 / 4) ** 2 * -Math.log(3 / 4), 6)
    expect(focalLoss(x, classes([0]), { gamma: 1 }).itemSync()).toBeCloseTo((3 / 4) * Math.log(4), 6)
  })

  it('weighs classes without dividing by the weights', () => {
    const [x, y] = [scores([3, 2]), classes([0, 1, 0])]
    const plain = values(focalLoss(x, y, { reduction: 'none' }))
    const alpha = tensor([2, 10])
    expect(focalLoss(x, y, { alpha }).itemSync()).toBeCloseTo((2 * plain[0] + 10 * plain[1] + 2 * plain[2]) / 3, 5)
  })

  it('divides by the kept samples only', () => {
    const x = tensor([
      [1, 2],
      [Number.NaN, 0],
      [0, 3],
    ])
    const rest = focalLoss(
      tensor([
        [1, 2],
        [0, 3],
      ]),
      classes([0, 1]),
    ).itemSync() as number
    const loss = focalLoss(x, classes([0, -100, 1]))
    expect(loss.itemSync()).toBeCloseTo(rest, 6)
    expect(values(gradients(loss, [x])[0]).slice(2, 4)).toEqual([0, 0])
    expect(focalLoss(x, classes([1, 1, 1]), { ignoreIndex: 1, reduction: 'sum' }).itemSync()).toBe(0)
  })

  it('is flat where nothing is missed, and finite where everything is', () => {
    const x = tensor([[1e4, -1e4]])
    for (const gamma of [0.5, 1, 2]) {
      const right = focalLoss(x, classes([0]), { gamma })
      expect([right.itemSync(), ...values(gradients(right, [x])[0])]).toEqual([expect.closeTo(0), 0, 0])
      expect(focalLoss(x, classes([1]), { gamma }).itemSync()).toBe(2e4)
    }
  })

  it.each([0, 0.7, 2])('has the gradient of its values for gamma %d', gamma => {
    gradcheck(x => focalLoss(x, classes([1, 3, 0]), { gamma, alpha: tensor([1, 2, 3, 4]) }), [scores([3, 4])])
  })

  it('refuses what it cannot use, and says what it got', () => {
    const x = scores([2, 3])
    expect(() => focalLoss(x, classes([0, 9])).itemSync()).toThrow(
      'focalLoss: targets holds class 9, out of range [0, 3)',
    )
    expect(values(focalLoss(x, classes([0, 9]), { validate: false, reduction: 'none' }))[1]).toBeNaN()
    expect(() => focalLoss(x, classes([0]))).toThrow('focalLoss: targets has shape [1], expected [2]')
    expect(() => focalLoss(x, classes([0, 1]), { gamma: Number.NaN })).toThrow(
      'focalLoss: gamma must be a finite number of at least 0, got NaN',
    )
    expect(() => focalLoss(x, classes([0, 1]), { alpha: tensor([1]) })).toThrow(
      'focalLoss: alpha has shape [1], expected [3]',
    )
  })
})
