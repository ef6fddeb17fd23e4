import { SurprisalError, type Tensor, tensor } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { clipGradNorm, clipGradValue } from './clip.ts'

const list = (x: Tensor) => Array.from(x.dataSync())
const rows = tensor([0, 2], { dtype: 'int32' })

describe('clipGradNorm', () => {
  it('scales all gradients by one factor', () => {
    const { totalNorm, grads } = clipGradNorm([tensor([3]), null, tensor([[0, 4]])], { maxNorm: 1 })
    expect(totalNorm.itemSync()).toBe(5)
    expect(grads[1]).toBeNull()
    expect(list(grads[0] as Tensor)[0]).toBeCloseTo(0.6, 5)
    expect(list(grads[2] as Tensor)[1]).toBeCloseTo(0.8, 5)
  })

  it('leaves gradients within the norm alone', () => {
    const { grads } = clipGradNorm([tensor([3, 4])], { maxNorm: 10 })
    expect(list(grads[0])).toEqual([3, 4])
  })

  it.each([
    [1, 7],
    [2, 5],
    ['inf', 4],
    [Number.POSITIVE_INFINITY, 4],
  ] as const)('takes the norm of order %s', (normType, norm) => {
    const { totalNorm } = clipGradNorm([tensor([3]), tensor([-4])], { maxNorm: 1, normType })
    expect(totalNorm.itemSync()).toBeCloseTo(norm, 5)
  })

  it('counts and scales the rows of a table', () => {
    const grad = {
      rows,
      values: tensor([
        [3, 0],
        [0, 4],
      ]),
    }
    const { totalNorm, grads } = clipGradNorm([grad, tensor([12])], { maxNorm: 1.3 })
    expect(totalNorm.itemSync()).toBe(13)
    const [clipped] = grads as [typeof grad, Tensor]
    expect(clipped.rows).toBe(rows)
    expect(list(clipped.values)).toEqual([expect.closeTo(0.3, 5), 0, 0, expect.closeTo(0.4, 5)])
  })

  it('has norm 0 of nothing', () => {
    const { totalNorm, grads } = clipGradNorm([null, null], { maxNorm: 1 })
    expect([totalNorm.itemSync(), grads]).toEqual([0, [null, null]])
  })

  it('throws for a norm that is not finite only when asked to', () => {
    const bad = [tensor([Number.POSITIVE_INFINITY, 1])]
    expect(() => clipGradNorm(bad, { maxNorm: 1, errorIfNonfinite: true })).toThrow(
      new SurprisalError('argument', 'clipGradNorm: grads must be finite, got norm Infinity'),
    )
    expect(list(clipGradNorm(bad, { maxNorm: 1 }).grads[0])[1]).toBe(0)
  })

  it.each([0, -1, Number.NaN])('refuses maxNorm %d', maxNorm => {
    expect(() => clipGradNorm([tensor([1])], { maxNorm })).toThrow(
      new SurprisalError('argument', `clipGradNorm: maxNorm must be above 0, got ${maxNorm}`),
    )
  })
})

describe('clipGradValue', () => {
  it('limits every element', () => {
    const [a, none, byRows] = clipGradValue([tensor([-3, 0.5]), null, { rows, values: tensor([[9]]) }], {
      clipValue: 1,
    })
    expect([list(a as Tensor), none, list((byRows as { values: Tensor }).values)]).toEqual([[-1, 0.5], null, [1]])
  })

  it('refuses a limit that is not positive', () => {
    expect(() => clipGradValue([], { clipValue: 0 })).toThrow('clipGradValue: clipValue must be above 0, got 0')
  })
})
