import { gradients, type Tensor, tensor } from '@surprisal/tensor'
import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { hingeLoss } from './hinge.ts'

const values = (x: Tensor): number[] => Array.from(x.dataSync(), value => value + 0)

describe('hingeLoss', () => {
  it('costs what is missing to the margin', () => {
    const x = tensor([0.25, -2, 3, -1])
    const t = tensor([1, 1, 1, -1], { dtype: 'int32' })
    expect(values(hingeLoss(x, t, { reduction: 'none' }))).toEqual([0.75, 3, 0, 0])
    expect(values(hingeLoss(x, t, { reduction: 'none', squared: true, margin: 2 }))).toEqual([3.0625, 16, 0, 1])
  })

  it('has no slope at the margin', () => {
    const x = tensor([1, -1, 1 - 2 ** -20])
    expect(values(gradients(hingeLoss(x, tensor([1, -1, 1]), { reduction: 'sum' }), [x])[0])).toEqual([0, 0, -1])
  })

  it.each([false, true])('has the gradient of its values, squared %s', squared => {
    gradcheck(x => hingeLoss(x, tensor([1, -1, 1]), { squared, margin: 0.7 }), [tensor([0.3, 0.2, 5])])
  })

  it('refuses what it cannot use, and says what it got', () => {
    const x = tensor([1, 2])
    expect(() => hingeLoss(x, tensor([1, 0])).itemSync()).toThrow('hingeLoss: target holds 0, expected -1 or 1')
    expect(() => hingeLoss(x, tensor([1]))).toThrow('hingeLoss: target has shape [1], expected [2]')
    expect(() => hingeLoss(x, x, { margin: Number.POSITIVE_INFINITY })).toThrow(
      'hingeLoss: margin must be a finite number, got Infinity',
    )
  })
})
