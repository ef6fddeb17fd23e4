import { SurprisalError } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { requireInteger, requireString } from './require.ts'

describe('requireString', () => {
  it('lets strings through, the empty one too', () => {
    expect(() => requireString('', 'f: text')).not.toThrow()
  })

  it('names function, argument and value', () => {
    expect(() => requireString(5, 'f: text')).toThrow(new SurprisalError('argument', 'f: text must be a string, got 5'))
  })
})

describe('requireInteger', () => {
  it('lets integers from the minimum on through', () => {
    expect(() => requireInteger(3, 'f: n', 3)).not.toThrow()
  })

  it.each([
    [2, '2'],
    [3.5, '3.5'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
    ['4', '"4"'],
    [undefined, 'nothing'],
  ])('refuses %s', (value, shown) => {
    const message = `f: n must be an integer >= 3, got ${shown}`
    expect(() => requireInteger(value, 'f: n', 3)).toThrow(new SurprisalError('argument', message))
  })
})
