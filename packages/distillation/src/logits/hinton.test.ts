import { gradients, normal, type Tensor, tensor } from '@surprisal/tensor'
import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { hintonLoss } from './hinton.ts'
import { kdLoss } from './kd.ts'

const scores = (shape: number[], seed = 1): Tensor => tensor(normal(seed, shape).dataSync(), { shape })
const classes = (data: number[]): Tensor => tensor(data, { dtype: 'int32' })
const values = (x: Tensor): number[] => Array.from(x.dataSync(), value => value + 0)

describe('hintonLoss', () => {
  const [s, t, y] = [scores([3, 4]), scores([3, 4], 2), classes([0, 3, 1])]
  const hard = s.logSoftmax().gather(1, y.unsqueeze(1)).neg()

  it('mixes teacher and labels', () => {
    const soft = kdLoss(s, t, { temperature: 2 }).itemSync() as number
    const labels = hard.mean().itemSync() as number
    for (const alpha of [0, 0.3, 1])
      expect(hintonLoss(s, t, y, { alpha, temperature: 2 }).itemSync()).toBeCloseTo(
        alpha * soft + (1 - alpha) * labels,
        5,
      )
    expect(hintonLoss(s, t, y).itemSync()).toBe(hintonLoss(s, t, y, { alpha: 0.5, temperature: 4 }).itemSync())
  })

  it('takes ignored and masked rows out of both terms', () => {
    const rest = hintonLoss(s.narrow(0, 1, 1), t.narrow(0, 1, 1), classes([3])).itemSync() as number
    const options = { mask: tensor([false, true, true]), ignoreIndex: 1 }
    const loss = hintonLoss(s, t, y, options)
    expect(loss.itemSync()).toBeCloseTo(rest, 5)
    const [grad] = gradients(loss, [s])
    expect(values(grad.select(0, 0)).concat(values(grad.select(0, 2)))).toEqual(Array(8).fill(0))
    expect(values(hintonLoss(s, t, y, { ...options, reduction: 'none' }))).toEqual([0, expect.closeTo(rest, 5), 0])
    expect(hintonLoss(s, t, classes([-100, -100, -100])).itemSync()).toBe(0)
  })

  it('reads labels as classes of the student beside a class map', () => {
    const teacher = scores([3, 2], 5)
    const options = { classMap: [0, 2] }
    const expected = ((kdLoss(s, teacher, options).itemSync() as number) + (hard.mean().itemSync() as number)) / 2
    expect(hintonLoss(s, teacher, y, options).itemSync()).toBeCloseTo(expected, 5)
  })

  it('has the gradient of its values, and none to the teacher', () => {
    gradcheck(x => hintonLoss(x, t, classes([0, -100, 1]), { alpha: 0.7, standardize: true }), [s])
    expect(gradients(hintonLoss(s, t, y), [t], { allowUnused: true })).toEqual([null])
  })

  it('refuses what it cannot use, and says what it got', () => {
    for (const alpha of [-0.1, 1.1, Number.NaN])
      expect(() => hintonLoss(s, t, y, { alpha })).toThrow(`hintonLoss: alpha must be in [0, 1], got ${alpha}`)
    expect(() => hintonLoss(s, t, classes([0, 4, 1])).itemSync()).toThrow(
      'hintonLoss: targets must hold classes in [0, 4), got 4',
    )
    expect(() => hintonLoss(s, t, classes([0]))).toThrow('hintonLoss: targets must have shape [3], got [1]')
    expect(() => hintonLoss(s, t, scores([3]))).toThrow('hintonLoss: targets must be integers, got float32')
    expect(() => hintonLoss(s, scores([3, 5]), y)).toThrow(
      'hintonLoss: teacherLogits must have the shape of studentLogits',
    )
    expect(() => hintonLoss(s, t, y, { temperature: 0 })).toThrow(
      'hintonLoss: temperature must be a positive finite number, got 0',
    )
    expect(() => hintonLoss(s, t, y, { ignoreIndex: 0.5 })).toThrow(
      'hintonLoss: ignoreIndex must be an integer, got 0.5',
    )
  })
})
