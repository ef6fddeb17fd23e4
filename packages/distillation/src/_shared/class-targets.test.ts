import { tensor } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { classTargets } from './class-targets.ts'

const logits = tensor([
  [1, 2, 3],
  [4, 5, 6],
])
const ids = (...data: number[]) => tensor(data, { dtype: 'int32' })

describe('classTargets', () => {
  it('keeps what is not ignored', () => {
    const { index, kept } = classTargets('f', ids(2, -1), logits, -1)
    expect([Array.from(index.dataSync()), Array.from(kept.dataSync())]).toEqual([
      [2, 0],
      [1, 0],
    ])
  })

  it('reads bytes', () => {
    const { index } = classTargets('f', tensor(Uint8Array.of(1, 2)), logits, -100)
    expect([index.dtype, Array.from(index.dataSync())]).toEqual(['int32', [1, 2]])
  })

  it('refuses classes that do not exist when they are read', () => {
    for (const wrong of [3, -1]) {
      const { index } = classTargets('f', ids(0, wrong), logits, -100)
      expect(() => index.dataSync()).toThrow(`f: targets must hold classes in [0, 3), got ${wrong}`)
    }
  })

  it('refuses what are no classes at once', () => {
    expect(() => classTargets('f', tensor([true, false]), logits, 0)).toThrow('f: targets must be integers, got bool')
    expect(() => classTargets('f', ids(0), logits, 0)).toThrow('f: targets must have shape [2], got [1]')
    expect(() => classTargets('f', ids(0, 1), logits, Number.NaN)).toThrow('f: ignoreIndex must be an integer, got NaN')
  })
})
