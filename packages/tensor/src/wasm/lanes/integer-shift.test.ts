import { describe, expect, test } from 'vitest'
import { hostArray } from '../../dtype.ts'
import { bothResults, integerPairs } from './__fixtures__/integers.ts'

describe.each(['int32', 'uint8', 'int8'] as const)('%s', dtype => {
  const [a, b] = integerPairs(dtype)

  describe.each(['shiftLeft', 'shiftRight'] as const)('%s', f => {
    test('agrees with the definition for counts that differ', () => {
      const { result, expected } = bothResults(f, dtype, a, b, dtype)
      expect(result).toEqual(expected)
    })

    test.each([0, 1, 7, 8, 31, 32, 33, -1])('agrees with it where all counts are %i', count => {
      const counts = hostArray(dtype, a.length).fill(count)
      const { result, expected } = bothResults(f, dtype, a, counts, dtype)
      expect(result).toEqual(expected)
    })
  })
})

test('counts from the width on leave nothing, or the sign', () => {
  const a = Int32Array.of(1, -1, -8, 1)
  const b = Int32Array.of(32, 40, -1, 31)
  expect([...bothResults('shiftLeft', 'int32', a, b, 'int32').result]).toEqual([0, 0, 0, -2147483648])
  expect([...bothResults('shiftRight', 'int32', a, b, 'int32').result]).toEqual([0, -1, -1, 0])
})
