import { describe, expect, it } from 'vitest'
import { byteSize, checkText, digits, duration, missedChecks, ownProblem, problemsOf } from './format.ts'
import { failed, skipped, softmax } from './report-for-tests.ts'

describe('numbers as text', () => {
  it.each([
    [0, '0'],
    [0.012345, '0.0123'],
    [9.999, '10'],
    [12.34, '12.3'],
    [1234.5, '1,235'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
  ])('digits(%d) is %s', (value, text) => {
    expect(digits(value)).toBe(text)
  })

  it.each([
    [0.0123, '12.3 us'],
    [1, '1 ms'],
    [9999, '9,999 ms'],
    [12_340, '12.3 s'],
  ])('duration(%d) is %s', (ms, text) => {
    expect(duration(ms)).toBe(text)
  })

  it.each([
    [4, '4 B'],
    [1536, '1.5 KiB'],
    [3 * 2 ** 20, '3 MiB'],
  ])('byteSize(%d) is %s', (bytes, text) => {
    expect(byteSize(bytes)).toBe(text)
  })
})

describe('checkText', () => {
  it('tells what was reached and what was asked', () => {
    expect(softmax.checks.map(checkText)).toEqual([
      'ratio to tfjs 1.5, at least 1.1',
      'ratio to ort 2, at least 3',
      'ratio to jax-js not measured (needs <more> memory), at least 8',
    ])
    const bytes = { what: 'bytes beside the inputs', reached: 2 ** 21, bound: 2 ** 20, atLeast: false, met: false }
    expect(checkText(bytes)).toBe('bytes beside the inputs 2 MiB, at most 1 MiB')
  })
})

describe('what went wrong', () => {
  it('finds missed bounds and failures', () => {
    expect(missedChecks([softmax, skipped, failed])).toEqual([{ case: 'tensor/softmax', check: softmax.checks[1] }])
    expect([softmax, skipped, failed].map(ownProblem)).toEqual([null, null, 'add: shapes differ'])
    expect(problemsOf(softmax)).toEqual(['jax-js: needs <more> memory'])
  })
})
