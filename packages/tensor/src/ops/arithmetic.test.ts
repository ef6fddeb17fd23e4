import { gradcheck } from '@surprisal/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gradients, Parameter } from '../index.ts'
import { expectClose, expectError, expectTensor, float, numbers, slope, tensorOf } from './__fixtures__/test-tools.ts'
import { abs, add, div, lerp, mul, neg, reciprocal, sign, square, sub } from './arithmetic.ts'

const int8 = (...data: number[]) => tensorOf('int8', data)
const uint8 = (...data: number[]) => tensorOf('uint8', data)
const int32 = (...data: number[]) => tensorOf('int32', data)
const bool = (...data: number[]) => tensorOf('bool', data)
const half = (...data: number[]) => tensorOf('float16', data)

describe('broadcasting', () => {
  it('repeats dims of size 1 and missing dims', () => {
    expectTensor(add(float([1, 2, 3], [3, 1]), float([10, 20])), 'float32', [3, 2], [11, 21, 12, 22, 13, 23])
  })

  it('keeps dims of size 0', () => {
    expectTensor(mul(float([], [0, 2]), float([1], [1, 1])), 'float32', [0, 2], [])
  })

  it('names both shapes that do not fit', () => {
    expectError(
      () => add(float([1, 2], [1, 2]), float([1, 2, 3])),
      'shape',
      'add: shapes [1, 2] and [3] cannot be broadcast',
    )
    expectError(() => sub(float([1, 2]), float([1, 2, 3])), 'shape', 'sub: shapes [2] and [3] cannot be broadcast')
  })

  it('sums the gradient over broadcast dims', () => {
    const a = float([1, 2, 3], [3, 1])
    const b = float([4, 5])
    const [da, db] = gradients(mul(a, b).sum(), [a, b])
    expectTensor(da, 'float32', [3, 1], [9, 9, 9])
    expectTensor(db, 'float32', [2], [6, 6])
  })

  it('gives a dim of size 1 against a dim of size 0 a zero gradient of its own shape', () => {
    const a = float([1, 2], [1, 2])
    const [da] = gradients(add(a, float([], [0, 2])).sum(), [a])
    expectTensor(da, 'float32', [1, 2], [0, 0])
  })
})

describe('promotion', () => {
  const dtypeOf = (a: Parameters<typeof add>[0], b: Parameters<typeof add>[1]) => add(a, b).dtype

  it('takes the larger dtype of two tensors', () => {
    expect(dtypeOf(bool(1), uint8(1))).toBe('uint8')
    expect(dtypeOf(uint8(1), int8(1))).toBe('int32')
    expect(dtypeOf(int8(1), int32(1))).toBe('int32')
    expect(dtypeOf(int32(1), half(1))).toBe('float16')
    expect(dtypeOf(half(1), float([1]))).toBe('float32')
  })

  it('lets numbers adapt', () => {
    expect(dtypeOf(half(1), 2.5)).toBe('float16')
    expect(dtypeOf(uint8(1), 255)).toBe('uint8')
    expect(dtypeOf(1.5, uint8(1))).toBe('float32')
    expect(dtypeOf(int32(1), Number.POSITIVE_INFINITY)).toBe('float32')
    expect(dtypeOf(int32(1), Number.NaN)).toBe('float32')
    expect(dtypeOf(bool(1), 2)).toBe('int32')
    expect(dtypeOf(bool(1), true)).toBe('bool')
    expect(dtypeOf(float([1]), true)).toBe('float32')
    expect(dtypeOf(1, 2)).toBe('float32')
  })

  it('rejects an integer that does not fit', () => {
    expectError(() => add(uint8(1), 300), 'dtype', 'add: 300 does not fit uint8')
    expectError(() => mul(-129, int8(1)), 'dtype', 'mul: -129 does not fit int8')
    expectError(() => sub(int32(1), 2 ** 31), 'dtype', 'sub: 2147483648 does not fit int32')
  })

  it('rejects what is no tensor', () => {
    expectError(() => add(float([1]), 'x' as never), 'argument', 'add: b must be a tensor, got string x')
    expectError(() => neg(1 as never), 'argument', 'neg: x must be a tensor, got number 1')
  })

  it('takes a parameter for a tensor', () => {
    expectTensor(add(new Parameter(float([1, 2])), 1), 'float32', [2], [2, 3])
  })
})

describe('integers', () => {
  it('wrap in add, sub and mul', () => {
    expectTensor(add(int32(2147483647, -2147483648), int32(1, -1)), 'int32', [2], [-2147483648, 2147483647])
    expectTensor(sub(uint8(3, 200), uint8(4, 100)), 'uint8', [2], [255, 100])
    expectTensor(sub(int8(-128), int8(1)), 'int8', [1], [127])
    expectTensor(mul(int32(65536, 123456789), int32(65536, 987654321)), 'int32', [2], [0, -67153019])
    expectTensor(mul(uint8(16, 15), uint8(16, 17)), 'uint8', [2], [0, 255])
    expectTensor(mul(int8(64), 2), 'int8', [1], [-128])
  })

  it('wrap in neg, abs and square', () => {
    expectTensor(neg(int32(-2147483648, 5)), 'int32', [2], [-2147483648, -5])
    expectTensor(neg(uint8(0, 1)), 'uint8', [2], [0, 255])
    expectTensor(abs(int32(-2147483648, -3)), 'int32', [2], [-2147483648, 3])
    expectTensor(abs(int8(-128, -3)), 'int8', [2], [-128, 3])
    expectTensor(square(uint8(16, 3)), 'uint8', [2], [0, 9])
    expectTensor(square(int32(65536)), 'int32', [1], [0])
  })

  it('are promoted by div and reciprocal', () => {
    expectTensor(div(int32(7, -7, 1, 0), int32(2, 2, 0, 0)), 'float32', [4], [3.5, -3.5, Infinity, NaN])
    expectTensor(div(bool(1), bool(0)), 'float32', [1], [Infinity])
    expectTensor(reciprocal(uint8(4, 0)), 'float32', [2], [0.25, Infinity])
  })
})

describe('bools', () => {
  it('add is "or" and mul is "and"', () => {
    expectTensor(add(bool(0, 0, 1, 1), bool(0, 1, 0, 1)), 'bool', [4], [0, 1, 1, 1])
    expectTensor(mul(bool(0, 0, 1, 1), bool(0, 1, 0, 1)), 'bool', [4], [0, 0, 0, 1])
  })

  it('have no difference', () => {
    expectError(() => sub(bool(1), bool(1)), 'dtype', 'sub: expected a numeric dtype, got bool')
    expectError(() => neg(bool(1)), 'dtype', 'neg: expected a numeric dtype, got bool')
    expectTensor(sub(bool(1), 1), 'int32', [1], [0])
  })

  it('are their own absolute value, sign and square', () => {
    for (const f of [abs, sign, square]) expectTensor(f(bool(0, 1)), 'bool', [2], [0, 1])
  })
})

describe('floats', () => {
  it('sign keeps NaN and the sign of zero', () => {
    expect(numbers(sign(float([NaN, 0, -0, -3, 2, -Infinity])))).toEqual([NaN, 0, -0, -1, 1, -1])
    expectTensor(sign(int8(-5, 0, 7)), 'int8', [3], [-1, 0, 1])
  })

  it('abs and neg act on the sign alone', () => {
    expect(numbers(abs(float([-0, -Infinity, NaN, -1.5])))).toEqual([0, Infinity, NaN, 1.5])
    expect(numbers(neg(float([0, -Infinity, NaN, -1.5])))).toEqual([-0, Infinity, NaN, 1.5])
  })

  it('division follows IEEE', () => {
    expect(numbers(div(float([1, -1, 0, Infinity]), 0))).toEqual([Infinity, -Infinity, NaN, Infinity])
    expect(numbers(reciprocal(float([0, -0, 4])))).toEqual([Infinity, -Infinity, 0.25])
  })

  it('float16 is computed in float32 and rounded once', () => {
    expectTensor(add(half(2048), half(1)), 'float16', [1], [2048])
    expectTensor(mul(half(65504), half(2)), 'float16', [1], [Infinity])
    expectTensor(lerp(half(2048), half(2049), 0.5), 'float16', [1], [2048])
  })

  it('lerp mixes tensors and numbers', () => {
    expectClose(lerp(float([0, 10]), float([10, 20]), 0.25), [2.5, 12.5])
    expectClose(lerp(float([0, 10]), 20, float([0, 1])), [0, 20])
    expectTensor(lerp(int32(2, 4), int32(4, 10), 0.5), 'float32', [2], [3, 7])
    expectTensor(lerp(int32(2, 4), int32(4, 10), 1), 'int32', [2], [4, 10])
    expectError(() => lerp(bool(1), bool(0), true), 'dtype', 'lerp: expected a numeric dtype, got bool')
    expectError(() => lerp(float([1, 2]), 0, float([1, 2, 3])), 'shape', 'lerp: shapes [3] and [2] cannot be broadcast')
  })

  it('add then sub returns to the start within one rounding', () => {
    const number = fc.float({ noNaN: true, min: -1000, max: 1000 })
    fc.assert(
      fc.property(fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 17 }), pairs => {
        const [a, b] = [0, 1].map(side => float(pairs.map(pair => pair[side])))
        expectClose(sub(add(a, b), b), numbers(a), 0, 2 ** -13)
      }),
      { numRuns: 25 },
    )
  })
})

describe('gradients', () => {
  it('agree with finite differences to second order', () => {
    const a = float([0.5, -1.5, 2, 3], [2, 2])
    const b = float([1.25, -0.75], [2])
    const w = float([0.3], [])
    for (const f of [add, sub, mul, div]) gradcheck(f, [a, b], { order: 2 })
    for (const f of [neg, abs, square, reciprocal]) gradcheck(f, [a], { order: 2 })
    gradcheck(lerp, [a, b, w], { order: 2 })
  })

  it('abs and sign take derivative 0 at 0', () => {
    expect(slope(abs, float([-2, 0, 3]))).toEqual([-1, 0, 1])
    expect(slope(sign, float([-2, 0, 3]))).toEqual([0, 0, 0])
  })

  it('of a float16 input are float16', () => {
    const x = half(1, 2)
    const [grad] = gradients(square(x).sum(), [x])
    expectTensor(grad, 'float16', [2], [2, 4])
  })
})
