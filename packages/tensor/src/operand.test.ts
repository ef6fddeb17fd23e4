import { describe, expect, it } from 'vitest'
import { Parameter, SurprisalError, tensor } from './index.ts'
import { asTensor, describe as describeValue, isOptions, promotePair, toFloat } from './operand.ts'
import { nodeOf, type TensorLike } from './tensor.ts'

const dtypesOf = (pair: ReturnType<typeof promotePair>): string[] => pair.map(x => x.dtype)

describe('asTensor', () => {
  it('takes tensors and the value of parameters', () => {
    const x = tensor([1])
    expect(asTensor('add', 'a', x)).toBe(x)
    const cell = new Parameter(x)
    expect(nodeOf(asTensor('add', 'a', cell), 'test')).toBe(nodeOf(cell.value, 'test'))
    expect(asTensor('add', 'a', cell).shape).toEqual([1])
  })

  it.each([
    [null, 'null'],
    [undefined, 'undefined'],
    [[1, 2], 'an array of 2'],
    [3, 'number 3'],
    [{}, 'an object Object'],
  ])('refuses %j', (wrong, text) => {
    expect(() => asTensor('add', 'a', wrong as unknown as TensorLike)).toThrow(
      new SurprisalError('argument', `add: a must be a tensor, got ${text}`),
    )
    expect(describeValue(wrong)).toBe(text)
  })
})

describe('promotePair', () => {
  it('promotes two tensors', () => {
    expect(dtypesOf(promotePair('add', tensor([1], { dtype: 'uint8' }), tensor([1], { dtype: 'int8' })))).toEqual([
      'int32',
      'int32',
    ])
  })

  it('lets numbers take the dtype beside them', () => {
    expect(dtypesOf(promotePair('add', tensor([1], { dtype: 'uint8' }), 255))).toEqual(['uint8', 'uint8'])
    expect(dtypesOf(promotePair('add', 0.5, tensor([1], { dtype: 'uint8' })))).toEqual(['float32', 'float32'])
    expect(dtypesOf(promotePair('add', tensor([1], { dtype: 'float16' }), 0.1))).toEqual(['float16', 'float16'])
    expect(dtypesOf(promotePair('add', tensor([true]), 1))).toEqual(['int32', 'int32'])
    expect(dtypesOf(promotePair('add', tensor([true]), true))).toEqual(['bool', 'bool'])
    expect(dtypesOf(promotePair('add', tensor([1], { dtype: 'int32' }), Number.NaN))).toEqual(['float32', 'float32'])
  })

  it('keeps the order of its sides', async () => {
    const [a, b] = promotePair('sub', 5, tensor([2]))
    expect([await a.item(), await b.item()]).toEqual([5, 2])
  })

  it('refuses a number that does not fit', () => {
    expect(() => promotePair('add', tensor([1], { dtype: 'uint8' }), 300)).toThrow(
      new SurprisalError('dtype', 'add: 300 does not fit uint8'),
    )
  })
})

describe('toFloat and isOptions', () => {
  it('casts integers only', () => {
    const half = tensor([1], { dtype: 'float16' })
    expect(toFloat('exp', half)).toBe(half)
    expect(toFloat('exp', tensor([1], { dtype: 'int32' })).dtype).toBe('float32')
  })

  it('tells options from tensors and lists', () => {
    expect([{}, { dim: 1 }].every(isOptions)).toBe(true)
    expect([tensor([1]), new Parameter(tensor([1])), [1], null, 3, new Float32Array(1)].some(isOptions)).toBe(false)
  })
})
