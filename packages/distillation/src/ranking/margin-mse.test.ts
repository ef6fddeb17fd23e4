import { gradients, normal, type Tensor, tensor } from '@surprisal/tensor'
import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { marginMseLoss } from './margin-mse.ts'

const scores = (shape: number[], seed = 1): Tensor => tensor(normal(seed, shape).dataSync(), { shape })
const values = (x: Tensor): number[] => Array.from(x.dataSync(), value => value + 0)

describe('marginMseLoss', () => {
  const [sPos, tPos] = [tensor([3, 1]), tensor([10, 20])]
  const [sNeg, tNeg] = [tensor([1, 0]), tensor([9, 16])]
  const [sMany, tMany] = [
    tensor([
      [1, 2],
      [0, 4],
    ]),
    tensor([
      [9, 9],
      [16, 22],
    ]),
  ]

  it('squares the difference of margins', () => {
    expect(values(marginMseLoss(sPos, sNeg, tPos, tNeg, { reduction: 'none' }))).toEqual([1, 9])
    expect(marginMseLoss(sPos, sNeg, tPos, tNeg).itemSync()).toBe(5)
    expect(marginMseLoss(sPos, sNeg, tPos, tNeg, { reduction: 'sum' }).itemSync()).toBe(10)
  })

  it('takes several negatives of each positive', () => {
    const losses = marginMseLoss(sPos, sMany, tPos, tMany, { reduction: 'none' })
    expect([losses.shape, values(losses)]).toEqual([
      [2, 2],
      [1, 0, 9, 1],
    ])
    expect(marginMseLoss(sPos, sMany, tPos, tMany).itemSync()).toBe(11 / 4)
  })

  it('does not mind where the zero of a model lies', () => {
    const moved = marginMseLoss(sPos.add(7), sNeg.add(7), tPos.sub(3), tNeg.sub(3))
    expect(moved.itemSync()).toBe(5)
  })

  it('keeps the pairs of the mask, or those of kept positives', () => {
    const nan = tensor([
      [1, Number.NaN],
      [0, 4],
    ])
    const pairs = tensor([
      [true, false],
      [true, true],
    ])
    const loss = marginMseLoss(sPos, nan, tPos, tMany, { mask: pairs })
    expect(loss.itemSync()).toBeCloseTo(11 / 3, 6)
    expect(values(gradients(loss, [nan])[0])[1]).toBe(0)
    expect(marginMseLoss(sPos, nan, tPos, tMany, { mask: tensor([false, true]) }).itemSync()).toBe(5)
    expect(marginMseLoss(sPos, nan, tPos, tMany, { mask: tensor([false, false]) }).itemSync()).toBe(0)
  })

  it('has the gradient of its values, and none to the teacher', () => {
    gradcheck((p, n) => marginMseLoss(p, n, tPos, tMany), [scores([2]), scores([2, 2], 2)])
    const loss = marginMseLoss(sPos, sNeg, tPos, tNeg)
    expect(gradients(loss, [tPos, tNeg], { allowUnused: true })).toEqual([null, null])
  })

  it('refuses what it cannot use, and says what it got', () => {
    expect(() => marginMseLoss(sPos, tensor([1]), tPos, tensor([1]))).toThrow(
      'marginMseLoss: studentNeg must have shape [2] like studentPos, or one more dim, got [1]',
    )
    expect(() => marginMseLoss(sPos, sNeg, tensor([1]), tNeg)).toThrow(
      'marginMseLoss: teacherPos must have the shape of studentPos, got [1] for [2]',
    )
    expect(() => marginMseLoss(sPos, sNeg, tPos, tMany)).toThrow(
      'marginMseLoss: teacherNeg must have the shape of studentNeg, got [2, 2] for [2]',
    )
    expect(() => marginMseLoss(sPos, sMany, tPos, tMany, { mask: tensor([true]) })).toThrow(
      'marginMseLoss: mask must have shape [2, 2] or [2], got [1]',
    )
  })
})
