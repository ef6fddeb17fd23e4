import { describe, expect, it } from 'vitest'
import { expectError, float } from '../__fixtures__/test-tools.ts'
import { elementOf, numberList, replaceDim, sizeBetween, variadic, widened } from './arguments.ts'

describe('variadic arguments', () => {
  const x = float([1])

  it('are tensors one by one or in a list, options last', () => {
    expect(variadic('cat', [x, x])).toEqual([[x, x], {}])
    expect(variadic('cat', [x, { dim: 1 }])).toEqual([[x], { dim: 1 }])
    expect(variadic('cat', [[x, x], {}])).toEqual([[x, x], {}])
  })

  it('name what is no tensor', () => {
    expectError(() => variadic('cat', [x, [x]]), 'argument', 'cat: input 1 must be a tensor, got an array of 1')
    expectError(() => variadic('stack', [{}]), 'argument', 'stack: expected at least one tensor')
  })
})

describe('elementOf', () => {
  it('casts a number as the cast op does', () => {
    expect(elementOf(true, 'float32')).toBe(1)
    expect(elementOf(0.1, 'float32')).toBe(Math.fround(0.1))
    expect(elementOf(65520, 'float16')).toBe(Number.POSITIVE_INFINITY)
    expect(elementOf(-1.9, 'int8')).toBe(-1)
    expect(elementOf(-1.9, 'uint8')).toBe(0)
    expect(elementOf(Number.NaN, 'int32')).toBe(0)
    expect(elementOf(Number.NaN, 'bool')).toBe(1)
  })
})

describe('shape helpers', () => {
  it('replace dims and multiply ranges', () => {
    expect(replaceDim([2, 3, 4], 1, 5, 6)).toEqual([2, 5, 6, 4])
    expect(replaceDim([2, 3, 4], 2)).toEqual([2, 3])
    expect(sizeBetween([2, 3, 4], 1, 3)).toBe(12)
    expect(sizeBetween([2, 3, 4], 1, 1)).toBe(1)
    expect(numberList('sum', 'dim', 3)).toEqual([3])
    expect(numberList('sum', 'dim', [1, 2])).toEqual([1, 2])
  })

  it('refuse anything but numbers', () => {
    const refuse = (x: unknown, text: string) =>
      expectError(
        () => numberList('flip', 'dims', x as number),
        'argument',
        `flip: dims must be a number or a list of numbers, got ${text}`,
      )
    refuse('a', 'string a')
    refuse(undefined, 'undefined')
    refuse([1, 'a'], 'an array of 2')
  })

  it('widen 8-bit integers and bools', () => {
    expect((['bool', 'uint8', 'int8', 'int32', 'float16', 'float32'] as const).map(widened)).toEqual([
      'int32',
      'int32',
      'int32',
      'int32',
      'float16',
      'float32',
    ])
  })
})
