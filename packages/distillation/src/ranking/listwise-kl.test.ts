import { gradients, normal, type Tensor, tensor } from '@surprisal/tensor'
import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { listwiseKlLoss } from './listwise-kl.ts'

const scores = (shape: number[], seed = 1): Tensor => tensor(normal(seed, shape).dataSync(), { shape })
const values = (x: Tensor): number[] => Array.from(x.dataSync(), value => value + 0)

function naive(s: number[], t: number[], temperature = 1, teacherTemperature = temperature): number {
  const distribution = (x: number[], by: number) => {
    const weights = x.map(value => Math.exp(value / by))
    return weights.map(w => w / weights.reduce((a, b) => a + b, 0))
  }
  const [q, p] = [distribution(s, temperature), distribution(t, teacherTemperature)]
  return p.reduce((sum, prob, k) => sum + prob * Math.log(prob / q[k]), 0)
}

describe('listwiseKlLoss', () => {
  const [s, t] = [scores([2, 3]), scores([2, 3], 2)]
  const none = { reduction: 'none' } as const
  const row = (x: Tensor, i: number) => values(x.select(0, i))

  it('compares the distributions over each list', () => {
    const losses = values(listwiseKlLoss(s, t, { ...none, temperature: 2, teacherTemperature: 0.5 }))
    losses.forEach((value, i) => {
      expect(value).toBeCloseTo(naive(row(s, i), row(t, i), 2, 0.5), 5)
    })
    expect(listwiseKlLoss(s, t).itemSync()).toBeCloseTo(
      (naive(row(s, 0), row(t, 0)) + naive(row(s, 1), row(t, 1))) / 2,
      5,
    )
  })

  it('uses one temperature for both unless told', () => {
    const both = listwiseKlLoss(s, t, { temperature: 2, teacherTemperature: 2 }).itemSync()
    expect(listwiseKlLoss(s, t, { temperature: 2 }).itemSync()).toBe(both)
  })

  it('leaves padding out of both distributions', () => {
    const student = tensor([
      [1, 2, Number.NaN],
      [0.5, 0, 1],
    ])
    const teacher = tensor([
      [3, 1, 99],
      [1, 1, 0],
    ])
    const mask = tensor([
      [true, true, false],
      [true, true, true],
    ])
    const losses = listwiseKlLoss(student, teacher, { ...none, mask })
    expect(values(losses)[0]).toBeCloseTo(naive([1, 2], [3, 1]), 5)
    const [grad] = gradients(losses.sum(), [student])
    expect(values(grad)[2]).toBe(0)
    expect(values(grad).every(Number.isFinite)).toBe(true)
  })

  it('drops queries, by a mask of theirs or for want of candidates', () => {
    const expected = naive(row(s, 1), row(t, 1))
    const empty = tensor([
      [false, false, false],
      [true, true, true],
    ])
    for (const mask of [tensor([false, true]), empty]) {
      const loss = listwiseKlLoss(s, t, { mask })
      expect(loss.itemSync()).toBeCloseTo(expected, 5)
      expect(values(gradients(loss, [s])[0]).slice(0, 3)).toEqual([0, 0, 0])
    }
    expect(listwiseKlLoss(s, t, { mask: tensor([false, false]) }).itemSync()).toBe(0)
  })

  it('has the gradient of its values, and none to the teacher', () => {
    const mask = tensor([
      [true, false, true],
      [true, true, true],
    ])
    gradcheck(x => listwiseKlLoss(x, t, { mask, temperature: 0.7 }), [s])
    expect(gradients(listwiseKlLoss(s, t), [t], { allowUnused: true })).toEqual([null])
  })

  it('stays finite for scores of 1e4', () => {
    const student = tensor([[1e4, -1e4]])
    const loss = listwiseKlLoss(student, tensor([[-1e4, 1e4]]))
    expect([loss.itemSync(), ...values(gradients(loss, [student])[0])]).toEqual([2e4, 1, -1])
  })

  it('refuses what it cannot use, and says what it got', () => {
    expect(() => listwiseKlLoss(s, scores([2, 4]))).toThrow(
      'listwiseKlLoss: teacherScores must have the shape of studentScores, got [2, 4] for [2, 3]',
    )
    expect(() => listwiseKlLoss(s, t, { mask: tensor([true, true, true]) })).toThrow(
      'listwiseKlLoss: mask must have shape [2, 3] or [2], got [3]',
    )
    expect(() => listwiseKlLoss(s, t, { temperature: -1 })).toThrow(
      'listwiseKlLoss: temperature must be a positive finite number, got -1',
    )
    expect(() => listwiseKlLoss(s, t, { teacherTemperature: 0 })).toThrow(
      'listwiseKlLoss: teacherTemperature must be a positive',
    )
    expect(() => listwiseKlLoss(tensor(1), tensor(1))).toThrow(
      'listwiseKlLoss: studentScores must have at least one dim',
    )
  })
})
