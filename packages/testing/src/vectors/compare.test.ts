import { type DType, ones, tensor } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { compareValues, isClose } from './compare.ts'

const loose = { rtol: 1e-3, atol: 1e-6 }
const exact = { rtol: 0, atol: 0 }
const json = (data: unknown[], shape = [data.length], dtype: DType = 'float32') => ({ shape, dtype, data })

describe('isClose', () => {
  it.each([
    [1.0005, 1, true],
    [1.002, 1, false],
    [-1.0005, -1, true],
    [5e-7, 0, true],
    [Number.NaN, Number.NaN, true],
    [Number.NaN, 1, false],
    [1, Number.NaN, false],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, true],
    [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, false],
    [1e38, Number.POSITIVE_INFINITY, false],
    [Number.POSITIVE_INFINITY, 1e38, false],
    [-0, 0, true],
  ])('%d beside %d: %s', (got, wanted, close) => {
    expect(isClose(got, wanted, loose)).toBe(close)
  })

  it('takes the tolerance of the expected side', () => {
    expect(isClose(110, 100, { rtol: 0.1, atol: 0 })).toBe(true)
    expect(isClose(100, 110.2, { rtol: 0.0925, atol: 0 })).toBe(false)
  })
})

describe('compareValues', () => {
  const agree: [string, unknown, unknown][] = [
    ['a number', 1.0001, 1],
    ['a scalar and a number', tensor(2), 2],
    ['a number and a written scalar', 2, json([2], [])],
    ['a tensor', tensor([[1, 2.001]]), json([1, 2], [1, 2])],
    ['non-finite elements', tensor([Number.NaN, Number.NEGATIVE_INFINITY]), json(['NaN', '-Infinity'])],
    ['non-finite numbers', Number.POSITIVE_INFINITY, 'Infinity'],
    ['bools as numbers', tensor([true, false]), json([1, 0], [2], 'bool')],
    ['bools as bools', tensor([true, false]), json([true, false], [2], 'bool')],
    ['a bool scalar', tensor(true), true],
    ['a bool', false, false],
    ['a bool as a number', 1, true],
    ['text', 'abc', 'abc'],
    ['null', null, null],
    ['nothing', undefined, null],
    ['a list', [1, 'a', [2]], [1, 'a', [2]]],
    ['a typed array', Float32Array.of(1, 2), [1, 2]],
    ['a tensor and nested lists', tensor([[1], [2]]), [[1], [2]]],
    ['a list of tensors', [tensor([1]), 3], [json([1]), 3]],
    ['fields, with one more', { a: 1, b: tensor([2]), c: 3 }, { a: 1, b: json([2]) }],
    ['promises', Promise.resolve({ a: Promise.resolve(tensor([1])) }), { a: json([1]) }],
    ['an empty tensor', ones([0, 3]), json([], [0, 3])],
  ]
  it.each(agree)('finds no difference in %s', async (_, got, wanted) => {
    expect(await compareValues(got, wanted, loose)).toEqual([])
  })

  const differ: [string, unknown, unknown, string][] = [
    ['a number', 1.1, 1, 'value: expected 1, got 1.1'],
    ['text for a number', 'x', 1, 'value: expected 1, got "x"'],
    ['the sign of infinity', Number.NEGATIVE_INFINITY, 'Infinity', 'value: expected Infinity, got -Infinity'],
    ['an element', tensor([1, 5, 6]), json([1, 2, 3]), 'value[1]: expected 2, got 5 (2 of 3 differ)'],
    ['NaN for a number', tensor([Number.NaN]), json([1]), 'value[0]: expected 1, got NaN (1 of 1 differ)'],
    ['a number for NaN', tensor([1]), json(['NaN']), 'value[0]: expected NaN, got 1 (1 of 1 differ)'],
    ['the shape', tensor([1, 2]), json([1, 2], [2, 1]), 'value: expected shape [2, 1], got [2]'],
    ['the dtype', tensor([1]), json([1], [1], 'int32'), 'value: expected dtype int32, got float32'],
    ['a list for a tensor', [1], json([1]), 'value: expected a tensor, got object'],
    [
      'integers, exactly',
      tensor([1000], { dtype: 'int32' }),
      json([1001], [1], 'int32'),
      'value[0]: expected 1001, got 1000 (1 of 1 differ)',
    ],
    ['an integer scalar, exactly', tensor(10_000, { dtype: 'int32' }), 10_001, 'value: expected 10001, got 10000'],
    ['a wrong case', tensor([1, 2]), json([1], [2]), 'value: the case must hold 2 elements, got 1'],
    ['a bool', true, false, 'value: expected false, got true'],
    ['what only counts as true', 'yes', true, 'value: expected true, got "yes"'],
    ['the length of a list', [1], [1, 2], 'value: expected 2 entries, got 1'],
    ['a number for a list', 3, [3], 'value: expected a list, got 3'],
    ['an entry', [1, [2, 4]], [1, [2, 3]], 'value[1][1]: expected 3, got 4'],
    ['a field', { a: { b: 1 } }, { a: { b: 2 } }, 'value.a.b: expected 2, got 1'],
    ['a missing field', {}, { a: 1 }, 'value.a: expected 1, got undefined'],
    ['a number for fields', 1, { a: 1 }, 'value: expected an object, got 1'],
    ['something for null', 0, null, 'value: expected null, got 0'],
    ['text', 'ab', 'abc', 'value: expected "abc", got "ab"'],
  ]
  it.each(differ)('names %s', async (_, got, wanted, problem) => {
    expect(await compareValues(got, wanted, loose)).toEqual([problem])
  })

  it('names every difference of several fields', async () => {
    expect(await compareValues({ a: 1, b: 2 }, { a: 3, b: 4 }, loose, 'out')).toEqual([
      'out.a: expected 3, got 1',
      'out.b: expected 4, got 2',
    ])
  })

  it('takes the float32 next to the decimals of a file at tolerance 0', async () => {
    const third = Math.fround(1 / 3)
    expect(await compareValues(tensor([third]), json([0.3333333333333333]), exact)).toEqual([])
    expect(await compareValues(tensor([third]), json([0.33333]), exact)).toHaveLength(1)
  })

  it('tells large integers apart, which no float32 can', async () => {
    const got = tensor([16777217, -2147483647], { dtype: 'int32' })
    expect(await compareValues(got, json([16777217, -2147483647], [2], 'int32'), loose)).toEqual([])
    expect(await compareValues(got, json([16777216, -2147483647], [2], 'int32'), exact)).toEqual([
      'value[0]: expected 16777216, got 16777217 (1 of 2 differ)',
    ])
  })

  it('refuses data that are no numbers', async () => {
    await expect(compareValues(tensor([1]), json(['one']), loose)).rejects.toThrow(
      'vectors: data must hold numbers, got "one"',
    )
  })
})
