import { describe, it } from 'vitest'
import { expectError, expectTensor, float, tensorOf } from './__fixtures__/test-tools.ts'
import { isfinite, isinf, isnan, logicalAnd, logicalNot, logicalOr, logicalXor } from './logical.ts'

describe('logical functions', () => {
  const a = float([0, 0, 2, NaN, -0])
  const b = tensorOf('int32', [0, 5, 0, -1, 0])

  it('read any dtype as non-zero or not', () => {
    expectTensor(logicalAnd(a, b), 'bool', [5], [0, 0, 0, 1, 0])
    expectTensor(logicalOr(a, b), 'bool', [5], [0, 1, 1, 1, 0])
    expectTensor(logicalXor(a, b), 'bool', [5], [0, 1, 1, 0, 0])
    expectTensor(logicalNot(a), 'bool', [5], [1, 1, 0, 0, 1])
    expectTensor(logicalNot(tensorOf('bool', [0, 1])), 'bool', [2], [1, 0])
  })

  it('take numbers and booleans of any size', () => {
    expectTensor(logicalAnd(tensorOf('uint8', [0, 1]), 1000), 'bool', [2], [0, 1])
    expectTensor(logicalOr(false, tensorOf('bool', [0, 1])), 'bool', [2], [0, 1])
    expectTensor(logicalXor(a, Number.NaN), 'bool', [5], [1, 1, 0, 0, 1])
  })

  it('broadcast', () => {
    expectTensor(logicalAnd(float([0, 1], [2, 1]), float([1, 0])), 'bool', [2, 2], [0, 0, 1, 0])
    expectError(
      () => logicalOr(float([0, 1]), float([1, 0, 1])),
      'shape',
      'logicalOr: shapes [2] and [3] cannot be broadcast',
    )
  })
})

describe('classes of numbers', () => {
  const x = [NaN, Infinity, -Infinity, 0, 3e38]

  it('of floats', () => {
    expectTensor(isnan(float(x)), 'bool', [5], [1, 0, 0, 0, 0])
    expectTensor(isinf(float(x)), 'bool', [5], [0, 1, 1, 0, 0])
    expectTensor(isfinite(float(x)), 'bool', [5], [0, 0, 0, 1, 1])
    expectTensor(isinf(tensorOf('float16', [65504, 70000])), 'bool', [2], [0, 1])
  })

  it('of integers and bools', () => {
    for (const dtype of ['int32', 'uint8', 'int8', 'bool'] as const) {
      expectTensor(isnan(tensorOf(dtype, [1])), 'bool', [1], [0])
      expectTensor(isinf(tensorOf(dtype, [1])), 'bool', [1], [0])
      expectTensor(isfinite(tensorOf(dtype, [1])), 'bool', [1], [1])
    }
  })

  it('need a tensor', () => {
    expectError(() => isnan(Number.NaN as never), 'argument', 'isnan: x must be a tensor, got number NaN')
  })
})
