import { type Tensor, tensor } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { classAxis, classTargets, classWeights, pickClass } from './class-targets.ts'

const values = (x: Tensor): number[] => Array.from(x.dataSync())
const ids = (data: number[]): Tensor => tensor(data, { dtype: 'int32' })

describe('classTargets', () => {
  it('makes every id safe to gather with', () => {
    for (const validate of [true, false]) {
      const { index, kept } = classTargets('f', ids([2, -100, 0]), [3], 3, { validate })
      expect([values(index), values(kept)]).toEqual([
        [2, 0, 0],
        [1, 0, 1],
      ])
    }
    const { index, known } = classTargets('f', ids([2, 3, -7]), [3], 3, { validate: false })
    expect([values(index), values(known as Tensor)]).toEqual([
      [2, 0, 0],
      [1, 0, 0],
    ])
  })

  it('ignores before it looks whether a class exists', () => {
    const { index, kept } = classTargets('f', ids([9, 1]), [2], 3, { ignoreIndex: 9 })
    expect([values(index), values(kept)]).toEqual([
      [0, 1],
      [0, 1],
    ])
    const { kept: all } = classTargets('f', tensor(Uint8Array.of(255, 0)), [2], 256, {})
    expect(values(all)).toEqual([1, 1])
  })

  it('refuses a class out of range at the read', () => {
    const { index } = classTargets('f', ids([0, 3]), [2], 3, {})
    expect(() => index.dataSync()).toThrow('f: targets holds class 3, out of range [0, 3)')
  })
})

describe('classAxis', () => {
  it('is 1, but 0 of a single sample', () => {
    expect([classAxis('f', 'x', tensor([1, 2])), classAxis('f', 'x', tensor([[1, 2]]))]).toEqual([0, 1])
    expect([-1, -2, 0].map(dim => classAxis('f', 'x', tensor([[1, 2]]), dim))).toEqual([1, 0, 0])
  })

  it.each([2, -3, 0.5, Number.NaN])('refuses %d of a matrix', dim => {
    expect(() => classAxis('f', 'x', tensor([[1]]), dim)).toThrow(
      `f: classDim must be an integer in [-2, 1], got ${dim}`,
    )
  })
})

describe('classWeights', () => {
  it('takes one weight a class, or none', () => {
    expect([classWeights('f', 'weight', null, 2), classWeights('f', 'weight', undefined, 2)]).toEqual([null, null])
    expect(values(classWeights('f', 'weight', tensor([1, 2]), 2) as Tensor)).toEqual([1, 2])
    expect(() => classWeights('f', 'weight', tensor([1, 2]), 3)).toThrow('f: weight has shape [2], expected [3]')
  })
})

describe('pickClass', () => {
  it('picks along any axis', () => {
    const x = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ])
    expect(values(pickClass(x, classTargets('f', ids([2, 0]), [2], 3, {}), 1))).toEqual([3, 4])
    expect(values(pickClass(x, classTargets('f', ids([1, 0, 1]), [3], 2, {}), 0))).toEqual([4, 2, 6])
  })
})
