import { gradients, normal, type Tensor, tensor } from '@surprisal/tensor'
import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { l1Loss } from './l1.ts'

const scores = (shape: number[], seed = 1): Tensor => tensor(normal(seed, shape).dataSync(), { shape })
const values = (x: Tensor): number[] => Array.from(x.dataSync(), value => value + 0)

describe('l1Loss', () => {
  it('is the size of the error', () => {
    const [x, t] = [tensor([1, 4, -1e4]), tensor([3, 1, 1e4])]
    expect(values(l1Loss(x, t, { reduction: 'none' }))).toEqual([2, 3, 2e4])
    expect(l1Loss(x, t).itemSync()).toBeCloseTo(20005 / 3, 2)
  })

  it('has slope 0 where input and target meet', () => {
    const x = tensor([1, 2, 3])
    expect(values(gradients(l1Loss(x, tensor([1, 1, 5]), { reduction: 'sum' }), [x])[0])).toEqual([0, 1, -1])
  })

  it('has the gradient of its values', () => {
    gradcheck((x, t) => l1Loss(x, t), [scores([2, 3]), scores([2, 3], 2)])
  })

  it('refuses other shapes', () => {
    expect(() => l1Loss(scores([2]), scores([3]))).toThrow('l1Loss: target has shape [3], expected [2]')
  })
})
