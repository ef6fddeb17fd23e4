import { gradients, normal, type Tensor, tensor } from '@surprisal/tensor'
import { gradcheck } from '@surprisal/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { kdLoss } from './kd.ts'

const scores = (shape: number[], seed = 1): Tensor => tensor(normal(seed, shape).dataSync(), { shape })
const values = (x: Tensor): number[] => Array.from(x.dataSync(), value => value + 0)
const rows = (x: Tensor): number[][] => Array.from({ length: x.shape[0] }, (_, i) => values(x.select(0, i)))

const softmax = (x: number[]): number[] => {
  const weights = x.map(Math.exp)
  const total = weights.reduce((a, b) => a + b, 0)
  return weights.map(w => w / total)
}

function naive(s: number[], t: number[], temperature: number): number {
  const [q, p] = [s, t].map(row => softmax(row.map(x => x / temperature)))
  return temperature ** 2 * p.reduce((sum, prob, c) => sum + prob * Math.log(prob / q[c]), 0)
}

function standardized(x: number[]): number[] {
  const mean = x.reduce((a, b) => a + b, 0) / x.length
  const std = Math.sqrt(x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (x.length - 1))
  return x.map(value => (value - mean) / (std + 1e-7))
}

describe('kdLoss', () => {
  const [s, t] = [scores([3, 4]), scores([3, 4], 2)]
  const none = { reduction: 'none' } as const

  it('agrees with its definition in loops', () => {
    const size = fc.integer({ min: 2, max: 5 })
    fc.assert(
      fc.property(size, size, fc.constantFrom(1, 2, 4), fc.boolean(), (n, c, temperature, standardize) => {
        const [student, teacher] = [scores([n, c], n * c), scores([n, c], 50 + n)]
        const prepare = (x: Tensor) => rows(x).map(row => (standardize ? standardized(row) : row))
        const expected = prepare(student).map((row, i) => naive(row, prepare(teacher)[i], temperature))
        const loss = kdLoss(student, teacher, { ...none, temperature, standardize })
        values(loss).forEach((value, i) => {
          expect(value).toBeCloseTo(expected[i], 4)
        })
      }),
      { numRuns: 40, seed: 8 },
    )
  })

  it('is a mean over rows of any leading shape, never over classes', () => {
    const total = values(kdLoss(s, t, none)).reduce((a, b) => a + b, 0)
    expect(kdLoss(s, t).itemSync()).toBeCloseTo(total / 3, 6)
    expect(kdLoss(s, t, { reduction: 'sum' }).itemSync()).toBeCloseTo(total, 5)
    expect(kdLoss(s.unsqueeze(0), t.unsqueeze(0)).itemSync()).toBeCloseTo(total / 3, 6)
    expect(kdLoss(s.select(0, 0), t.select(0, 0), none).shape).toEqual([])
  })

  it('leaves out the factor of the temperature on request', () => {
    const options = { temperature: 3 }
    const scaled = kdLoss(s, t, options).itemSync() as number
    expect(kdLoss(s, t, { ...options, scaleByT2: false }).itemSync()).toBeCloseTo(scaled / 9, 6)
  })

  it('is 0 where both agree, whatever is added to the logits', () => {
    const loss = kdLoss(t.add(5), t)
    expect(loss.itemSync()).toBeCloseTo(0, 5)
    expect(kdLoss(t.mul(3), t, { standardize: true }).itemSync()).toBeCloseTo(0, 5)
  })

  it('sends no gradient to the teacher', () => {
    expect(gradients(kdLoss(s, t), [t], { allowUnused: true })).toEqual([null])
  })

  it('keeps the rows of the mask, whatever the others hold', () => {
    const student = tensor([
      [1, 2],
      [Number.NaN, 1],
    ])
    const teacher = tensor([
      [2, 1],
      [0, Number.NaN],
    ])
    const mask = tensor([true, false])
    const loss = kdLoss(student, teacher, { mask })
    expect(loss.itemSync()).toBeCloseTo(
      kdLoss(student.narrow(0, 0, 1), teacher.narrow(0, 0, 1)).itemSync() as number,
      6,
    )
    expect(values(gradients(loss, [student])[0]).slice(2)).toEqual([0, 0])
    expect(values(kdLoss(student, teacher, { ...none, mask }))[1]).toBe(0)
    const nothing = kdLoss(student, teacher, { mask: tensor([false, false]) })
    expect([nothing.itemSync(), ...values(gradients(nothing, [student])[0])]).toEqual([0, 0, 0, 0, 0])
    expect(kdLoss(student, teacher).itemSync()).toBeNaN()
  })

  it('takes a teacher that excludes classes, and shows a student that excludes theirs', () => {
    const excluded = Number.NEGATIVE_INFINITY
    const student = tensor([[0, 1, excluded]])
    const legal = kdLoss(student, tensor([[0, 0, excluded]]), { temperature: 1 })
    expect(legal.itemSync()).toBeCloseTo(naive([0, 1], [0, 0], 1), 6)
    expect(values(gradients(legal, [student])[0]).every(Number.isFinite)).toBe(true)
    expect(kdLoss(student, tensor([[0, 0, 0]])).itemSync()).toBe(Number.POSITIVE_INFINITY)
  })

  it('compares over the classes of the teacher with a class map', () => {
    const teacher = scores([3, 2], 5)
    const expected = kdLoss(s.indexSelect(1, tensor([3, 1], { dtype: 'int32' })), teacher).itemSync() as number
    expect(kdLoss(s, teacher, { classMap: [3, 1] }).itemSync()).toBeCloseTo(expected, 6)
    expect(kdLoss(s, teacher, { classMap: tensor([3, 1], { dtype: 'int32' }) }).itemSync()).toBeCloseTo(expected, 6)
    expect(() => kdLoss(s, teacher, { classMap: [3, 4] }).itemSync()).toThrow('index 4 is out of range')
  })

  it.each([false, true])('has the gradient of its values, standardized %s', standardize => {
    gradcheck(x => kdLoss(x, t, { standardize, temperature: 2 }), [s])
    gradcheck(x => kdLoss(x, scores([3, 2]), { standardize, classMap: [0, 2] }), [s])
  })

  it('stays finite for logits of 1e4', () => {
    const student = tensor([[1e4, -1e4]])
    const loss = kdLoss(student, tensor([[-1e4, 1e4]]))
    expect(loss.itemSync()).toBe(16 * 5000)
    expect(values(gradients(loss, [student])[0])).toEqual([4, -4])
  })

  it('refuses what it cannot use, and says what it got', () => {
    expect(() => kdLoss(s, scores([3, 5]))).toThrow(
      'kdLoss: teacherLogits must have the shape of studentLogits or a classMap, got [3, 5] for [3, 4]',
    )
    for (const temperature of [0, -1, Number.NaN])
      expect(() => kdLoss(s, t, { temperature })).toThrow(
        `kdLoss: temperature must be a positive finite number, got ${temperature}`,
      )
    expect(() => kdLoss(s, t, { mask: tensor([true]) })).toThrow('kdLoss: mask must have shape [3], got [1]')
    expect(() => kdLoss(tensor(1), tensor(1))).toThrow('kdLoss: studentLogits must have at least one dim, got shape []')
    expect(() => kdLoss(s, t.cast('int32'))).toThrow('kdLoss: teacherLogits must be float, got int32')
    expect(() => kdLoss(s, t, { classMap: tensor([0.5]) })).toThrow(
      'kdLoss: classMap must hold one integer for each class',
    )
    expect(() => kdLoss(s, t, { reduction: 'batchmean' as 'sum' })).toThrow(
      "kdLoss: reduction 'batchmean' is not one of none|mean|sum",
    )
    expect(() => kdLoss(s, 1 as never)).toThrow('kdLoss: teacherLogits must be a tensor, got number')
  })
})
