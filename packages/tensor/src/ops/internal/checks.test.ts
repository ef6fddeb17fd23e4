import { describe, expect, it } from 'vitest'
import { expectError, float, tensorOf } from '../__fixtures__/test-tools.ts'
import {
  divisorOption,
  expectFloat,
  expectInteger,
  expectIntegerOrBool,
  expectNumeric,
  numberOption,
  optionsOf,
} from './checks.ts'

describe('options', () => {
  it('are an object or left out', () => {
    expect(optionsOf('f', undefined)).toEqual({})
    expect(optionsOf('f', { dim: 1 })).toEqual({ dim: 1 })
    for (const [wrong, got] of [
      [null, 'null'],
      [1, '1'],
      ['x', 'string x'],
      [[1], 'an array of 1'],
    ] as const)
      expectError(() => optionsOf('f', wrong as never), 'argument', `f: options must be an object, got ${got}`)
    expectError(() => optionsOf('f', float([1])), 'argument', 'f: options must be an object, got an object Tensor')
  })

  it('that are numbers have a fallback and are never NaN', () => {
    expect(numberOption('f', 'eps', undefined, 3)).toBe(3)
    expect(numberOption('f', 'eps', 0, 3)).toBe(0)
    expect(numberOption('f', 'eps', Infinity, 3)).toBe(Infinity)
    expectError(() => numberOption('f', 'eps', NaN, 3), 'argument', 'f: eps must be a number, got NaN')
    expectError(
      () => numberOption('f', 'eps', true as never, 3),
      'argument',
      'f: eps must be a number, got boolean true',
    )
  })

  it('that divide are finite and not 0', () => {
    expect(divisorOption('f', 'beta', undefined, 1)).toBe(1)
    expect(divisorOption('f', 'beta', -2, 1)).toBe(-2)
    for (const wrong of [0, Infinity, -Infinity])
      expectError(
        () => divisorOption('f', 'beta', wrong, 1),
        'argument',
        `f: beta must be a finite number other than 0, got ${wrong}`,
      )
  })
})

describe('dtypes', () => {
  const table = [
    ['a float', expectFloat, ['float32', 'float16']],
    ['a numeric', expectNumeric, ['float32', 'float16', 'int32', 'uint8', 'int8']],
    ['an integer', expectInteger, ['int32', 'uint8', 'int8']],
    ['an integer or bool', expectIntegerOrBool, ['int32', 'uint8', 'int8', 'bool']],
  ] as const

  it.each(table)('%s dtype', (kind, check, accepted) => {
    for (const dtype of ['float32', 'float16', 'int32', 'uint8', 'int8', 'bool'] as const) {
      const x = tensorOf(dtype, [1])
      if ((accepted as readonly string[]).includes(dtype)) expect(check('f', x)).toBe(x)
      else expectError(() => check('f', x), 'dtype', `f: expected ${kind} dtype, got ${dtype}`)
    }
  })
})
