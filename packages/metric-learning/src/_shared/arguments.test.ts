import { Parameter, tensor } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { readOptional, requirePositive, rowsOf } from './arguments.ts'

describe('readOptional', () => {
  const x = tensor([[1]])
  const options = { k: 2 }

  it.each<[string, unknown[], unknown[], object]>([
    ['nothing', [], [null, null], {}],
    ['options alone', [options], [null, null], options],
    ['one tensor', [x], [x, null], {}],
    ['one tensor and options', [x, options], [x, null], options],
    ['two tensors and options', [x, x, options], [x, x], options],
    ['absent tensors and options', [null, undefined, options], [null, null], options],
    ['an absent tensor before one', [null, x], [null, x], {}],
    ['everything absent', [undefined, undefined, undefined], [null, null], {}],
  ])('reads %s', (_what, args, tensors, expected) => {
    expect(readOptional('f', args, 2)).toEqual({ tensors, options: expected })
  })

  it('takes a parameter for a tensor', () => {
    const cell = new Parameter(x)
    expect(readOptional('f', [cell, options], 1)).toEqual({ tensors: [cell], options })
  })

  it.each([
    [[x, x], 'a tensor'],
    [[3], 'number'],
    [[[x]], 'object'],
  ])('refuses what is neither', (args, got) => {
    expect(() => readOptional('f', args, 1)).toThrow(`f: options must be an object, got ${got}`)
  })
})

describe('rowsOf', () => {
  it('wants a float matrix', () => {
    expect(rowsOf('f', 'x', tensor([[1, 2]], { dtype: 'float16' })).dtype).toBe('float32')
    expect(() => rowsOf('f', 'x', tensor([1]))).toThrow('f: x must have shape [N, D], got [1]')
    expect(() => rowsOf('f', 'x', tensor([[true]]))).toThrow('f: x must be float, got bool')
    expect(() => rowsOf('f', 'x', 'rows')).toThrow('f: x must be a tensor, got string')
  })
})

describe('requirePositive', () => {
  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, '1'])('refuses %o', value => {
    expect(() => requirePositive('f', 'x', value as number)).toThrow(
      `f: x must be a positive finite number, got ${value}`,
    )
  })
})
