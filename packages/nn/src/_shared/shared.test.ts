import { Parameter, SurprisalError, tensor, zeros } from '@surprisal/tensor'
import { expect, describe as group, it } from 'vitest'
import { describe, positional, requireTensor } from './positional.ts'
import { requireBetas, requireNonNegative, requireOneOf, requirePositive, requireWhole } from './require.ts'

const error = (message: string) => new SurprisalError('argument', message)

group('positional', () => {
  const [a, b] = [tensor([1]), new Parameter(zeros([1]))]

  it('sorts tensors by place and takes the plain object as options', () => {
    expect(positional('op', [a, b, { eps: 1 }], ['a', 'b'])).toEqual({ tensors: [a, b], options: { eps: 1 } })
    expect(positional('op', [a, { eps: 1 }], ['a', 'b'])).toEqual({ tensors: [a, null], options: { eps: 1 } })
    expect(positional('op', [null, b, undefined], ['a', 'b'])).toEqual({ tensors: [null, b], options: {} })
  })

  it.each([
    [[[1, 2]], 'op: a must be a tensor, got an array of 2'],
    [[null, 5], 'op: b must be a tensor, got number 5'],
    [[null, null, new Float32Array(2)], 'op: options must be a tensor, got an object Float32Array'],
  ])('refuses %j', (args, message) => {
    expect(() => positional('op', args as never, ['a', 'b'])).toThrow(error(message))
  })
})

group('requireTensor', () => {
  it.each([
    [null, 'null'],
    [undefined, 'undefined'],
    ['x', 'string x'],
    [[1], 'an array of 1'],
    [Object.create(null), 'an object'],
  ])('refuses %o', (value, text) => {
    expect(() => requireTensor('op', 'x', value)).toThrow(error(`op: x must be a tensor, got ${text}`))
    expect(describe(value)).toBe(text)
  })

  it('takes tensors and parameters', () => {
    expect(() => requireTensor('op', 'x', tensor([1]))).not.toThrow()
    expect(() => requireTensor('op', 'x', new Parameter(zeros([1])))).not.toThrow()
  })
})

group('numbers', () => {
  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('requireNonNegative refuses %d', value => {
    expect(() => requireNonNegative('op', 'lr', value)).toThrow(error(`op: lr must be at least 0, got ${value}`))
  })

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('requirePositive refuses %d', value => {
    expect(() => requirePositive('op', 'lr', value)).toThrow(error(`op: lr must be above 0, got ${value}`))
  })

  it.each([-1, 0.5, Number.NaN, 2 ** 53])('requireWhole refuses %d', value => {
    expect(() => requireWhole('op', 'n', value)).toThrow(error(`op: n must be a whole number from 0, got ${value}`))
  })

  it('requireWhole takes a least number', () => {
    expect(() => requireWhole('op', 'n', 1, 2)).toThrow(error('op: n must be a whole number from 2, got 1'))
    expect(() => requireWhole('op', 'n', 2, 2)).not.toThrow()
  })

  it('requireBetas wants [0, 1)', () => {
    expect(() => requireBetas('op', [0.9, 1])).toThrow(error('op: betas must be in [0, 1), got 0.9, 1'))
    expect(() => requireBetas('op', [-0.1])).toThrow(error('op: betas must be in [0, 1), got -0.1'))
    expect(() => requireBetas('op', [0, 0.999])).not.toThrow()
  })

  it('requireOneOf lists what is known', () => {
    expect(() => requireOneOf('op', 'mode', 'c', ['a', 'b'])).toThrow(error('op: mode must be one of a, b, got c'))
    expect(() => requireOneOf('op', 'mode', 'b', ['a', 'b'])).not.toThrow()
  })

  it('lets good numbers pass', () => {
    expect(() => requireNonNegative('op', 'lr', 0)).not.toThrow()
    expect(() => requirePositive('op', 'lr', 1e-9)).not.toThrow()
  })
})
