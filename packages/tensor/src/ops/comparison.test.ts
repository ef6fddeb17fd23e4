import { describe, expect, it } from 'vitest'
import { expectError, expectTensor, float, slope, tensorOf } from './__fixtures__/test-tools.ts'
import { equal, greater, greaterEqual, less, lessEqual, notEqual } from './comparison.ts'
import { where } from './selection.ts'

const a = [1, 2, 3, NaN, 0, Infinity]
const b = [2, 2, 1, 1, -0, Infinity]

describe('comparisons', () => {
  it.each([
    ['equal', equal, [0, 1, 0, 0, 1, 1]],
    ['notEqual', notEqual, [1, 0, 1, 1, 0, 0]],
    ['less', less, [1, 0, 0, 0, 0, 0]],
    ['lessEqual', lessEqual, [1, 1, 0, 0, 1, 1]],
    ['greater', greater, [0, 0, 1, 0, 0, 0]],
    ['greaterEqual', greaterEqual, [0, 1, 1, 0, 1, 1]],
  ] as const)('%s is bool, and false at NaN but for notEqual', (_name, compare, expected) => {
    expectTensor(compare(float(a), float(b)), 'bool', [6], expected)
  })

  it('promote before they compare', () => {
    expectTensor(less(tensorOf('int32', [1, 2]), 1.5), 'bool', [2], [1, 0])
    expectTensor(equal(tensorOf('uint8', [255]), tensorOf('int8', [-1])), 'bool', [1], [0])
    expectTensor(greaterEqual(2, tensorOf('float16', [1, 3])), 'bool', [2], [1, 0])
    expectTensor(equal(tensorOf('bool', [0, 1]), true), 'bool', [2], [0, 1])
  })

  it('broadcast', () => {
    expectTensor(less(float([1, 3], [2, 1]), float([2, 4])), 'bool', [2, 2], [1, 1, 0, 1])
    expectError(() => less(float([1, 2]), float([1, 2, 3])), 'shape', 'less: shapes [2] and [3] cannot be broadcast')
    expectError(() => equal(tensorOf('uint8', [1]), -1), 'dtype', 'equal: -1 does not fit uint8')
  })

  it('carry no gradient', () => {
    expect(slope(x => where(less(x, 2), 1, 0), float([1, 3]))).toEqual([0, 0])
  })
})
