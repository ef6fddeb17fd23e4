import { Parameter, tensor } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { floatTensor, numberTensor, pairOf, requireNumber, requireShape, tensorOf, withoutDim } from './arguments.ts'

describe('tensorOf', () => {
  it('unwraps parameters', () => {
    const x = tensor([1])
    expect(tensorOf('f', 'x', x)).toBe(x)
    const cell = new Parameter(x)
    expect(tensorOf('f', 'x', cell)).toBe(cell.value)
  })

  it.each([
    [null, 'null'],
    [undefined, 'undefined'],
    [3, 'number'],
    [[1], 'object'],
  ])('refuses %o', (value, got) => {
    expect(() => tensorOf('f', 'x', value as never)).toThrow(`f: x must be a tensor, got ${got}`)
  })
})

describe('floatTensor', () => {
  it('widens halves and leaves float32 alone', () => {
    const x = tensor([0.5])
    expect(floatTensor('f', 'x', x)).toBe(x)
    expect(floatTensor('f', 'x', x.cast('float16')).dtype).toBe('float32')
  })

  it.each(['int32', 'uint8', 'int8', 'bool'] as const)('refuses %s', dtype => {
    expect(() => floatTensor('f', 'x', tensor([1], { dtype }))).toThrow(`f: x must be float, got ${dtype}`)
  })
})

describe('numberTensor and pairOf', () => {
  it('read any dtype as numbers', () => {
    expect(numberTensor('f', 'x', tensor([true, false])).dtype).toBe('float32')
    const [, target] = pairOf('f', tensor([1]), tensor(Int8Array.of(-3)))
    expect([target.dtype, target.itemSync()]).toEqual(['float32', -3])
  })

  it('broadcast nothing', () => {
    expect(() => pairOf('f', tensor([1, 2]), tensor(1))).toThrow('f: target has shape [], expected [2]')
    expect(() => requireShape('f', 'x', tensor([[1]]), [1])).toThrow('f: x has shape [1, 1], expected [1]')
  })
})

describe('requireNumber', () => {
  it('lets through what the rule allows', () => {
    expect(() => requireNumber('f', 'x', 2, x => x > 1, 'above 1')).not.toThrow()
  })

  it.each([0, Number.NaN, '2', undefined])('refuses %o', value => {
    expect(() => requireNumber('f', 'x', value as number, x => x > 1, 'above 1')).toThrow(
      `f: x must be above 1, got ${value}`,
    )
  })
})

describe('withoutDim', () => {
  it('drops one dim', () => {
    expect([withoutDim([2, 3, 4], 1), withoutDim([5], 0)]).toEqual([[2, 4], []])
  })
})
