import { gradients, normal, type Tensor, tensor } from '@surprisal/tensor'
import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { mseLoss } from './mse.ts'

const scores = (shape: number[], seed = 1): Tensor => tensor(normal(seed, shape).dataSync(), { shape })
const values = (x: Tensor): number[] => Array.from(x.dataSync(), value => value + 0)

describe('mseLoss', () => {
  it('squares the error and joins as asked', () => {
    const [x, t] = [tensor([[1, 4]]), tensor([[3, 1]])]
    expect(values(mseLoss(x, t, { reduction: 'none' }))).toEqual([4, 9])
    expect(mseLoss(x, t, { reduction: 'sum' }).itemSync()).toBe(13)
    expect(mseLoss(x, t).itemSync()).toBe(6.5)
  })

  it('reads integer targets as numbers', () => {
    const x = tensor([1.5])
    const loss = mseLoss(x, tensor([1], { dtype: 'int32' }))
    expect([loss.itemSync(), ...values(gradients(loss, [x])[0])]).toEqual([0.25, 1])
  })

  it.each([[[]], [[3]], [[2, 1, 2]]])('has the gradient of its values for shape %o', shape => {
    gradcheck((x, t) => mseLoss(x, t), [scores(shape), scores(shape, 2)], { order: 2 })
  })

  it('broadcasts nothing, and says what it got', () => {
    expect(() => mseLoss(scores([3, 1]), scores([3]))).toThrow('mseLoss: target has shape [3], expected [3, 1]')
    expect(() => mseLoss(tensor(true), scores([]))).toThrow('mseLoss: input must be float, got bool')
    expect(() => mseLoss(scores([1]), scores([1]), { reduction: 'batchmean' as 'sum' })).toThrow(
      "mseLoss: reduction 'batchmean' is not one of none|mean|sum",
    )
  })
})
