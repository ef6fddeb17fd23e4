import { expect, it } from 'vitest'
import { describe as show } from './describe.ts'

it.each([
  [undefined, 'nothing'],
  [null, 'null'],
  ['a "b"', '"a \\"b\\""'],
  ['x'.repeat(50), `"${'x'.repeat(40)}…"`],
  [1.5, '1.5'],
  [Number.NaN, 'NaN'],
  [true, 'true'],
  [[1], 'an array'],
  [{}, 'an object'],
  [() => 0, 'a function'],
  [10n, 'a bigint'],
])('shows %o as %s', (value, text) => {
  expect(show(value)).toBe(text)
})
