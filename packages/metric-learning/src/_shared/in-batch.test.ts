import { tensor } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { inBatchLosses, maskOf, symmetricLosses, withoutMasked } from './in-batch.ts'

const list = (x: { dataSync(): ArrayLike<number> }): number[] => Array.from(x.dataSync())

describe('inBatchLosses', () => {
  const logits = tensor([
    [0, 0, 0],
    [1, 1, 1],
  ])

  it('is the entropy of an even choice', () => {
    for (const loss of list(inBatchLosses(logits, null))) expect(loss).toBeCloseTo(Math.log(3), 6)
  })

  it('chooses among what the mask leaves', () => {
    const mask = tensor([
      [true, true, false],
      [true, true, true],
    ])
    const [first, second] = list(inBatchLosses(logits, mask))
    expect(first).toBeCloseTo(Math.log(2), 6)
    expect(second + 0).toBe(0)
  })

  it('averages the way back over the square part', () => {
    const mask = tensor([
      [false, false, true],
      [true, false, true],
    ])
    const [first, second] = list(
      symmetricLosses(
        tensor([
          [0, 0, 0],
          [0, 0, 0],
        ]),
        mask,
      ),
    )
    expect(first).toBeCloseTo(Math.log(2) / 2, 6)
    expect(second).toBeCloseTo(Math.log(2) / 2, 6)
  })
})

describe('maskOf and withoutMasked', () => {
  it('leave logits alone without a mask', () => {
    const logits = tensor([[1, 2]])
    expect([maskOf('f', null, logits), maskOf('f', undefined, logits)]).toEqual([null, null])
    expect(withoutMasked(logits, null)).toBe(logits)
  })

  it('read numbers as truth, of the shape of the logits', () => {
    const logits = tensor([[1, 2]])
    const mask = maskOf('f', tensor([[0, 5]], { dtype: 'int32' }), logits)
    expect(list(withoutMasked(logits, mask))).toEqual([1, Number.NEGATIVE_INFINITY])
    expect(() => maskOf('f', tensor([true]), logits)).toThrow('f: duplicateMask must have shape [1, 2], got [1]')
  })
})
