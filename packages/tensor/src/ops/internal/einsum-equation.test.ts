import { describe, expect, it } from 'vitest'
import { parseEquation } from './einsum-equation.ts'

describe('parseEquation', () => {
  it('gives labels and sizes', () => {
    const { inputs, output, sizes } = parseEquation('ij,jk->ik', [
      [2, 3],
      [3, 4],
    ])
    expect(inputs).toEqual([
      ['i', 'j'],
      ['j', 'k'],
    ])
    expect(output).toEqual(['i', 'k'])
    expect(Object.fromEntries(sizes)).toEqual({ i: 2, j: 3, k: 4 })
  })

  it('counts the dims of an ellipsis from the last one and broadcasts them', () => {
    const { inputs, output, sizes } = parseEquation('...i,...', [[2, 1, 5], [3]])
    expect(inputs).toEqual([['.2', '.1', 'i'], ['.1']])
    expect(output).toEqual(['.2', '.1', 'i'])
    expect(Object.fromEntries(sizes)).toEqual({ '.2': 2, '.1': 3, i: 5 })
  })

  it('lets an ellipsis stand for no dims', () => {
    expect(parseEquation('i...->...i', [[2]]).output).toEqual(['i'])
  })

  it('keeps a broadcast size of 1 or 0', () => {
    expect(parseEquation('...,...', [[1], [1]]).sizes.get('.1')).toBe(1)
    expect(parseEquation('...,...', [[0], [1]]).sizes.get('.1')).toBe(0)
    expect(parseEquation('...,...', [[1], [0]]).sizes.get('.1')).toBe(0)
  })
})
