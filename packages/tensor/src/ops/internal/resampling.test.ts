import { describe, expect, it } from 'vitest'
import { nodeOf } from '../../tensor.ts'
import { asTensor, counting } from '../__fixtures__/test-arrays.ts'
import { expectClose, expectTensor, float, slope } from '../__fixtures__/test-tools.ts'
import { blendAlong, nearestAlong } from './resampling.ts'

const x = asTensor(counting([2, 3]))

describe('nearestAlong', () => {
  it('is a view of whole multiples and whole parts, so that nothing is looked up', () => {
    for (const [dim, target] of [
      [1, 6],
      [1, 1],
      [0, 4],
    ])
      expect(nodeOf(nearestAlong('test', x, dim, target), 'test').primitive.kind).toBe('view')
    expect(nodeOf(nearestAlong('test', x, 1, 2), 'test').primitive.kind).toBe('take')
    expect(nearestAlong('test', x, 1, 3)).toBe(x)
  })

  it('repeats slices along any dim, and adds up their gradient', () => {
    expectTensor(nearestAlong('test', x, 0, 4), 'float32', [4, 3], [1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6])
    expect(slope(t => nearestAlong('test', t, 1, 6).square(), x)).toEqual([4, 8, 12, 16, 20, 24])
  })
})

describe('blendAlong', () => {
  it('keeps a dim of the same size as it is, infinities too', () => {
    expect(blendAlong('test', x, 1, 3, 'linear', false)).toBe(x)
  })

  it('keeps a line inside of the border, where it is linear or meets the middle', () => {
    const line = float([0, 1, 2, 3, 4, 5, 6, 7], [1, 8])
    const halved = blendAlong('test', line, 1, 16, 'linear', false)
    expectClose(halved.slice(1, { start: 7, end: 9 }), [3.25, 3.75], 1e-6)
    for (const kernel of ['linear', 'cubic'] as const)
      expectClose(blendAlong('test', line, 1, 15, kernel, true).slice(1, { start: 6, end: 8 }), [3, 3.5], 1e-6)
  })

  it('takes the border in place of what lies beyond it', () => {
    const y = blendAlong('test', float([1, 0, 0, 0], [1, 4]), 1, 8, 'cubic', false)
    // Keys' weights at t = 3/4 of the neighbours -2, -1, 0 and 1: the first three read element 0.
    expectClose(y.slice(1, { end: 1 }), [1.10546875], 1e-6)
  })
})
