import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { gradients } from '../index.ts'
import { expectError, expectTensor, float, slope, tensorOf } from './__fixtures__/test-tools.ts'
import { div } from './arithmetic.ts'
import { equal } from './comparison.ts'
import { log } from './exponential.ts'
import { maskedFill, where } from './selection.ts'

const bool = (...data: number[]) => tensorOf('bool', data)

describe('where', () => {
  it('selects and broadcasts', () => {
    const cond = tensorOf('bool', [1, 0], [2, 1])
    const out = where(cond, float([1, NaN, 3]), float([0.5, 2], [2, 1]))
    expectTensor(out, 'float32', [2, 3], [1, NaN, 3, 2, 2, 2])
  })

  it('promotes its branches', () => {
    expectTensor(where(bool(1, 0), tensorOf('int32', [1, 2]), 0.5), 'float32', [2], [1, 0.5])
    expectTensor(where(bool(1, 0), tensorOf('uint8', [7, 7]), tensorOf('int8', [-1, -1])), 'int32', [2], [7, -1])
    expectTensor(where(bool(1, 0), 1, 2), 'float32', [2], [1, 2])
    expectTensor(where(bool(1, 0), true, false), 'bool', [2], [1, 0])
  })

  it('reads other conditions as non-zero, and takes a boolean', () => {
    expectTensor(where(float([0, NaN, 2]), 1, 0), 'float32', [3], [0, 1, 1])
    expectTensor(where(true, float([1]), float([2])), 'float32', [1], [1])
  })

  it('gives its gradient to the branch taken only', () => {
    const [a, b] = [float([1, NaN]), float([NaN, 2])]
    const [da, db] = gradients(where(bool(1, 0), a, b).sum(), [a, b])
    expectTensor(da, 'float32', [2], [1, 0])
    expectTensor(db, 'float32', [2], [0, 1])
    gradcheck((x, y) => where(bool(1, 0), x, y), [float([1, 2]), float([3, 4])], { order: 2 })
  })

  it('guards a division when it stands before it', () => {
    const safe = (x: ReturnType<typeof float>) => where(equal(x, 0), 0, div(1, where(equal(x, 0), 1, x)))
    expect(slope(safe, float([0, 2]))).toEqual([0, -0.25])
  })

  it('names the shapes that do not fit', () => {
    expectError(() => where(bool(1, 0), float([1, 2, 3]), 0), 'shape', 'where: shapes [2] and [3] cannot be broadcast')
    expectError(() => where(1 as never, 1, 2), 'argument', 'where: cond must be a tensor, got number 1')
  })
})

describe('maskedFill', () => {
  it('fills where the mask holds', () => {
    expectTensor(maskedFill(float([1, 2, 3]), bool(0, 1, 0), -Infinity), 'float32', [3], [1, -Infinity, 3])
    expectTensor(maskedFill(float([1, 2]), tensorOf('bool', [1, 0], [2, 1]), 0), 'float32', [2, 2], [0, 0, 1, 2])
    expectTensor(maskedFill(tensorOf('int32', [1, 2]), bool(1, 0), 9), 'int32', [2], [9, 2])
    expectTensor(maskedFill(tensorOf('int32', [1, 2]), bool(1, 0), 0.5), 'float32', [2], [0.5, 2])
    expectTensor(maskedFill(float([1, 2]), bool(1, 0), float([7], [])), 'float32', [2], [7, 2])
  })

  it('is a selection for the gradient', () => {
    expect(slope(x => maskedFill(x, bool(1, 0), NaN), float([1, 2]))).toEqual([0, 1])
    expect(slope(x => log(maskedFill(x, equal(x, 0), 1)), float([0, 2]))).toEqual([0, 0.5])
  })

  it('rejects a value that does not fit', () => {
    expectError(() => maskedFill(tensorOf('uint8', [1]), bool(1), 300), 'dtype', 'maskedFill: 300 does not fit uint8')
    expectError(
      () => maskedFill(float([1]), 1 as never, 0),
      'argument',
      'maskedFill: mask must be a tensor, got number 1',
    )
  })
})
