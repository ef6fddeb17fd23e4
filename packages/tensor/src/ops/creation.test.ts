import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { build, expectDense } from './__fixtures__/test-arrays.ts'
import { expectError, expectTensor, float, numbers, tensorOf } from './__fixtures__/test-tools.ts'
import { arange, eye, full, fullLike, linspace, ones, onesLike, zeros, zerosLike } from './creation.ts'

describe('constant tensors', () => {
  it('are float32 by default', () => {
    expectTensor(zeros([2, 2]), 'float32', [2, 2], [0, 0, 0, 0])
    expectTensor(ones([3]), 'float32', [3], [1, 1, 1])
    expectTensor(full([2], 1.5), 'float32', [2], [1.5, 1.5])
    expectTensor(full([1], true), 'bool', [1], [1])
  })

  it('take a dtype, to which the value is cast', () => {
    expectTensor(zeros([1], { dtype: 'int8' }), 'int8', [1], [0])
    expectTensor(ones([1], { dtype: 'bool' }), 'bool', [1], [1])
    expectTensor(full([1], 1.7, { dtype: 'int32' }), 'int32', [1], [1])
    expectTensor(full([1], 300, { dtype: 'uint8' }), 'uint8', [1], [255])
    expectTensor(full([1], 1 + 2 ** -12, { dtype: 'float16' }), 'float16', [1], [1])
  })

  it('may be scalars or empty', () => {
    expectTensor(full([], 7), 'float32', [], [7])
    expectTensor(zeros([0, 3]), 'float32', [0, 3], [])
  })

  it('like another take its shape and dtype', () => {
    const x = tensorOf('int32', [5, 6], [1, 2])
    expectTensor(zerosLike(x), 'int32', [1, 2], [0, 0])
    expectTensor(onesLike(x, { dtype: 'float32' }), 'float32', [1, 2], [1, 1])
    expectTensor(fullLike(x, 2.9), 'int32', [1, 2], [2, 2])
    expectTensor(fullLike(float([1]), true), 'float32', [1], [1])
  })

  it('refuse impossible shapes, dtypes and values', () => {
    expectError(() => zeros([-1]), 'shape', 'zeros: shape must hold non-negative integers, got [-1]')
    expectError(() => ones([1.5]), 'shape', 'ones: shape must hold non-negative integers, got [1.5]')
    expectError(
      () => zeros([2 ** 16, 2 ** 15]),
      'shape',
      'zeros: a tensor must have fewer than 2^31 elements, got shape [65536, 32768]',
    )
    expectError(
      () => zeros(new Array(9).fill(1)),
      'shape',
      'zeros: rank must be at most 8, got [1, 1, 1, 1, 1, 1, 1, 1, 1]',
    )
    expectError(() => zeros(3 as never), 'argument', 'zeros: shape must be a list of numbers, got 3')
    expectError(() => full([1], 'a' as never), 'argument', 'full: value must be a number or boolean, got string a')
    expectError(
      () => fullLike(float([1]), null as never),
      'argument',
      'fullLike: value must be a number or boolean, got null',
    )
    expectError(() => zerosLike(3 as never), 'argument', 'zerosLike: x must be a tensor, got number 3')
    expectError(
      () => onesLike(float([1]), { dtype: 'int64' as never }),
      'dtype',
      'onesLike: dtype must be one of float32, float16, int32, uint8, int8, bool, got int64',
    )
  })
})

describe('eye', () => {
  it('has ones where row and column are equal', () => {
    const sizes = fc.integer({ min: 0, max: 5 })
    fc.assert(
      fc.property(sizes, sizes, (n, m) => {
        expectDense(
          eye(n, m),
          build([n, m], ([i, j]) => Number(i === j)),
        )
      }),
    )
  })

  it('is square by default and takes options in either place', () => {
    expectTensor(eye(2), 'float32', [2, 2], [1, 0, 0, 1])
    expectTensor(eye(2, { dtype: 'int32' }), 'int32', [2, 2], [1, 0, 0, 1])
    expectTensor(eye(1, 2, { dtype: 'bool' }), 'bool', [1, 2], [1, 0])
    expectTensor(eye(1, null, {}), 'float32', [1, 1], [1])
  })

  it('refuses sizes that are none', () => {
    expectError(() => eye(-1), 'argument', 'eye: n must be an integer of at least 0, got -1')
    expectError(() => eye(1, 1.5), 'argument', 'eye: m must be an integer of at least 0, got 1.5')
  })
})

describe('arange', () => {
  it('is int32 where all three are integers', () => {
    expectTensor(arange(3), 'int32', [3], [0, 1, 2])
    expectTensor(arange(2, 5, {}), 'int32', [3], [2, 3, 4])
    expectTensor(arange(5, -1, -2), 'int32', [3], [5, 3, 1])
  })

  it('is float32 elsewhere, each element rounded once', () => {
    expectTensor(
      arange(0, 1, 0.1),
      'float32',
      [10],
      Array.from({ length: 10 }, (_, i) => Math.fround(i * 0.1)),
    )
    expectTensor(arange(2.5), 'float32', [3], [0, 1, 2])
  })

  it('is empty where end lies before start', () => {
    expectTensor(arange(3, 3), 'int32', [0], [])
    expectTensor(arange(1, 0), 'int32', [0], [])
    expectTensor(arange(-2), 'int32', [0], [])
  })

  it('takes a dtype', () => {
    expectTensor(arange(3, { dtype: 'float32' }), 'float32', [3], [0, 1, 2])
    expectTensor(arange(0, 1.5, 0.5, { dtype: 'int32' }), 'int32', [3], [0, 0, 1])
    expectTensor(arange(254, 258, { dtype: 'uint8' }), 'uint8', [4], [254, 255, 0, 1])
    expectTensor(arange(0, 1, 0.25, { dtype: 'float16' }), 'float16', [4], [0, 0.25, 0.5, 0.75])
  })

  it('has the length and elements of its definition', () => {
    const ends = fc.integer({ min: -30, max: 30 })
    fc.assert(
      fc.property(ends, ends, fc.integer({ min: 1, max: 7 }), fc.boolean(), (start, end, size, down) => {
        const step = down ? -size : size
        const expected: number[] = []
        for (let x = start; down ? x > end : x < end; x += step) expected.push(x)
        expect(numbers(arange(start, end, step))).toEqual(expected)
      }),
    )
  })

  it('refuses a step of 0 and numbers that are not finite', () => {
    expectError(() => arange(0, 3, 0), 'argument', 'arange: step must not be 0')
    expectError(() => arange(Number.NaN), 'argument', 'arange: end must be a finite number, got NaN')
    expectError(
      () => arange(0, Number.POSITIVE_INFINITY),
      'argument',
      'arange: end must be a finite number, got Infinity',
    )
    expectError(() => arange(), 'argument', 'arange: start must be a finite number, got undefined')
    expectError(() => arange(0, 2 ** 33, 2 ** 32), 'dtype', 'arange: 4294967296 does not fit int32')
  })
})

describe('linspace', () => {
  it('has both ends exact', () => {
    fc.assert(
      fc.property(
        fc.float({ noNaN: true, noDefaultInfinity: true }),
        fc.float({ noNaN: true, noDefaultInfinity: true }),
        fc.integer({ min: 2, max: 20 }),
        (start, end, steps) => {
          const x = numbers(linspace(start, end, steps))
          expect(x).toHaveLength(steps)
          expect(x[0]).toEqual(start)
          expect(x[steps - 1]).toEqual(end)
        },
      ),
    )
  })

  it('is computed from the nearer end', () => {
    expectTensor(linspace(0, 1, 5), 'float32', [5], [0, 0.25, 0.5, 0.75, 1])
    const third = (1 - 0) / 3
    expectTensor(linspace(0, 1, 4), 'float32', [4], [0, Math.fround(third), Math.fround(1 - third), 1])
  })

  it('gives start for one step and nothing for none', () => {
    expectTensor(linspace(2, 9, 1), 'float32', [1], [2])
    expectTensor(linspace(2, 9, 0), 'float32', [0], [])
  })

  it('takes a dtype', () => {
    expectTensor(linspace(0, 3, 3, { dtype: 'int32' }), 'int32', [3], [0, 1, 3])
  })

  it('refuses a number of steps that is none', () => {
    expectError(() => linspace(0, 1, -1), 'argument', 'linspace: steps must be an integer of at least 0, got -1')
    expectError(() => linspace(0, Number.NaN, 2), 'argument', 'linspace: end must be a finite number, got NaN')
  })
})
