import { describe, it } from 'vitest'
import { expectError, expectTensor, float, tensorOf } from './__fixtures__/test-tools.ts'
import { argmax, argmin } from './positions.ts'

const x = float([1, 4, 4, NaN, 9, NaN], [2, 3])

describe('argmax and argmin', () => {
  it('take the first of ties, and the first NaN over everything', () => {
    expectTensor(argmax(x, { dim: 1 }), 'int32', [2], [1, 0])
    expectTensor(argmin(x, { dim: 1 }), 'int32', [2], [0, 0])
    expectTensor(argmax(float([2, 2, 1])), 'int32', [], [0])
    expectTensor(argmin(float([3, 1, 1])), 'int32', [], [1])
    expectTensor(argmax(float([-Infinity, -Infinity])), 'int32', [], [0])
  })

  it('index the flattened tensor without a dim', () => {
    expectTensor(argmax(x), 'int32', [], [3])
    expectTensor(argmin(float([5, 6, 7, 1], [2, 2])), 'int32', [], [3])
    expectTensor(argmax(float([5, 6, 7, 1], [2, 2]), { keepdim: true }), 'int32', [1, 1], [2])
    expectTensor(argmax(float([5], [])), 'int32', [], [0])
  })

  it('keep the dim on demand', () => {
    expectTensor(argmax(x, { dim: 0, keepdim: true }), 'int32', [1, 3], [1, 1, 1])
    expectTensor(argmin(x, { dim: -2 }), 'int32', [3], [1, 0, 1])
  })

  it('take every dtype', () => {
    for (const dtype of ['float16', 'int32', 'uint8', 'int8', 'bool'] as const)
      expectTensor(argmax(tensorOf(dtype, [0, 1, 1])), 'int32', [], [1])
  })

  it('need an element and one dim', () => {
    expectError(() => argmax(float([], [2, 0]), { dim: 1 }), 'shape', 'argmax: cannot reduce an empty dim')
    expectError(() => argmin(float([])), 'shape', 'argmin: cannot reduce an empty dim')
    expectError(() => argmax(x, { dim: [0, 1] as never }), 'argument', 'argmax: dim must be one dim, got 2')
    expectError(() => argmin(x, { dim: 2 }), 'argument', 'argmin: dim 2 is out of range for rank 2')
  })
})
