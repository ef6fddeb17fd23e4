import { describe, expect, it } from 'vitest'
import { expectError, float } from '../__fixtures__/test-tools.ts'
import { perDim, requireFit, spatialTensor } from './spatial.ts'

describe('perDim', () => {
  it('takes a number for all dims, or one for each', () => {
    expect(perDim('op', 'stride', 2, 3, 1)).toEqual([2, 2, 2])
    expect(perDim('op', 'stride', [1, 2], 2, 1)).toEqual([1, 2])
    expect(perDim('op', 'padding', 0, 1, 0)).toEqual([0])
  })

  for (const [value, text] of [
    [0, '0'],
    [Number.NaN, 'NaN'],
    [[1], '[1]'],
    [[1, 0], '[1, 0]'],
    [[1, 1.5], '[1, 1.5]'],
    [null, 'null'],
    ['2', 'string 2'],
  ] as const)
    it(`refuses ${text}`, () => {
      expectError(
        () => perDim('op', 'stride', value as never, 2, 1),
        'argument',
        `op: stride must be an integer of at least 1 or a list of 2, got ${text}`,
      )
    })
})

describe('spatialTensor and requireFit', () => {
  it('check rank and sizes', () => {
    const x = float([1, 2], [1, 1, 2])
    expect(spatialTensor('op', 'x', x, 1)).toBe(x)
    expectError(() => spatialTensor('op', 'x', x, 2), 'shape', 'op: x must have rank 4, got shape [1, 1, 2]')
    expect(() => requireFit('op', [2, 3], [2, 3])).not.toThrow()
    expectError(
      () => requireFit('op', [2, 3], [2, 2]),
      'shape',
      'op: kernel [2, 3] is larger than the padded input [2, 2]',
    )
  })
})
