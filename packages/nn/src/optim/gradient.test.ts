import { SurprisalError, type Tensor, tensor, zeros } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { isRowGradient, mapGradient, requireFitting, requireGradient, valuesOf } from './gradient.ts'

const whole = zeros([4, 3])
const rows = { rows: tensor([1, 2], { dtype: 'int32' }), values: zeros([2, 3]) }

describe('gradients of both kinds', () => {
  it('are told apart', () => {
    expect([whole, rows, null].map(isRowGradient)).toEqual([false, true, false])
    expect([valuesOf(whole), valuesOf(rows)]).toEqual([whole, rows.values])
  })

  it('are mapped by their numbers', () => {
    const add = (values: Tensor) => values.add(1)
    expect(Array.from(mapGradient(whole, add).dataSync())).toEqual(new Array(12).fill(1))
    const mapped = mapGradient(rows, add)
    expect(mapped.rows).toBe(rows.rows)
    expect(Array.from(mapped.values.dataSync())).toEqual(new Array(6).fill(1))
    expect(mapGradient(null, add)).toBeNull()
  })

  it.each([whole, rows, null])('fit their parameter', grad => {
    expect(() => requireFitting('op', 0, grad, [4, 3])).not.toThrow()
  })

  it.each([
    [zeros([3, 4]), 'op: gradient 7 must have shape [4, 3], got [3, 4]'],
    [zeros([]), 'op: gradient 7 must have shape [4, 3], got []'],
    [{ ...rows, values: zeros([2, 4]) }, 'op: gradient 7 must have shape [2, 3], got [2, 4]'],
    [{ ...rows, rows: zeros([2, 1]) }, 'op: rows of gradient 7 must be a list, got shape [2, 1]'],
    [{ ...rows, rows: zeros([]) }, 'op: rows of gradient 7 must be a list, got shape []'],
  ])('are refused by their shape', (grad, message) => {
    expect(() => requireFitting('op', 7, grad, [4, 3])).toThrow(new SurprisalError('shape', message))
  })

  it.each([
    [undefined, 'undefined'],
    [0, 'number 0'],
    ['x', 'string x'],
    [[1], 'an array of 1'],
    [{}, 'an object Object'],
    [{ rows: [1], values: whole }, 'an object Object'],
    [{ rows: rows.rows, values: [1] }, 'an object Object'],
  ])('are not %o', (grad, text) => {
    expect(() => requireGradient('op', 2, grad)).toThrow(
      new SurprisalError('argument', `op: gradient 2 must be a tensor, rows or null, got ${text}`),
    )
  })
})
