import { describe, expect, test } from 'vitest'
import { bothResults, integerPairs } from './__fixtures__/integers.ts'

describe.each(['int32', 'uint8', 'int8'] as const)('%s', dtype => {
  test('agrees with the definition', () => {
    const { result, expected } = bothResults('pow', dtype, ...integerPairs(dtype), dtype)
    expect(result).toEqual(expected)
  })
})

test('wraps, and negative exponents leave only 1 and -1', () => {
  const a = Int32Array.of(3, 2, -2, 3, 0, 1, -1, -1, 2, 0, -3, 10)
  const b = Int32Array.of(4, 31, 31, 21, 0, -5, -3, -2, -1, -1, 3, 9)
  expect([...bothResults('pow', 'int32', a, b, 'int32').result]).toEqual([
    ...[81, -2147483648, -2147483648, Number(BigInt.asIntN(32, 3n ** 21n)), 1, 1, -1, 1, 0, 0, -27, 1000000000],
  ])
})
