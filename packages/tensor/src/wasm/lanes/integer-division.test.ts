import { describe, expect, test } from 'vitest'
import { bothResults, integerPairs } from './__fixtures__/integers.ts'

describe.each(['int32', 'uint8', 'int8'] as const)('%s', dtype => {
  test.each(['floorDivide', 'remainder', 'fmod'] as const)('%s agrees with the definition', f => {
    const { result, expected } = bothResults(f, dtype, ...integerPairs(dtype), dtype)
    expect(result).toEqual(expected)
  })
})

test('signs, a divisor of zero, and the quotient that does not fit', () => {
  const a = Int32Array.of(7, -7, 7, -7, 5, -2147483648, -2147483648, 2147483647)
  const b = Int32Array.of(2, 2, -2, -2, 0, -1, 0, -2147483648)
  const of = (f: 'floorDivide' | 'remainder' | 'fmod') => [...bothResults(f, 'int32', a, b, 'int32').result]
  expect(of('floorDivide')).toEqual([3, -4, -4, 3, 0, -2147483648, 0, -1])
  expect(of('remainder')).toEqual([1, 1, -1, -1, 0, 0, 0, -1])
  expect(of('fmod')).toEqual([1, -1, 1, -1, 0, 0, 0, 2147483647])
})
