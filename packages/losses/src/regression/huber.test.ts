import { gradients, normal, type Tensor, tensor } from '@surprisal/tensor'
import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { huberLoss } from './huber.ts'

const scores = (shape: number[], seed = 1): Tensor => tensor(normal(seed, shape).dataSync(), { shape })
const values = (x: Tensor): number[] => Array.from(x.dataSync(), value => value + 0)

describe('huberLoss', () => {
  it('is a parabola up to delta and a line beyond', () => {
    const [x, t] = [tensor([0.5, 2, -3, 7]), tensor([0, 0, 0, 7])]
    expect(values(huberLoss(x, t, { delta: 2, reduction: 'none' }))).toEqual([0.125, 2, 4, 0])
    expect(huberLoss(x, t).itemSync()).toBeCloseTo((0.125 + 1.5 + 2.5) / 4, 6)
  })

  it('pulls with a force of at most delta', () => {
    const x = tensor([1e4, -1e4, 0.1, 0.5, 0])
    const slopes = values(gradients(huberLoss(x, x.zerosLike(), { delta: 0.5, reduction: 'sum' }), [x])[0])
    expect(slopes).toEqual([0.5, -0.5, expect.closeTo(0.1, 6), 0.5, 0])
  })

  it('squares nothing that overflows', () => {
    const x = tensor([1e30])
    const loss = huberLoss(x, tensor([0]))
    expect((loss.itemSync() as number) / 1e30).toBeCloseTo(1, 5)
    expect(values(gradients(loss, [x])[0])).toEqual([1])
  })

  it.each([0.1, 1, 10])('has the gradient of its values for delta %d', delta => {
    gradcheck((x, t) => huberLoss(x, t, { delta }), [scores([2, 3]), scores([2, 3], 2)])
  })

  it('refuses a delta that is not positive', () => {
    for (const delta of [0, -1, Number.POSITIVE_INFINITY, Number.NaN])
      expect(() => huberLoss(scores([2]), scores([2]), { delta })).toThrow(
        `huberLoss: delta must be a positive finite number, got ${delta}`,
      )
    expect(() => huberLoss(scores([2]), scores([]))).toThrow('huberLoss: target has shape [], expected [2]')
  })
})
