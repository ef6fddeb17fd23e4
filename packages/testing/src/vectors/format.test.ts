import { SurprisalError, Tensor } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { isTensorJson, parseVectorFile, revive, toNumber } from './format.ts'

const json = (data: unknown[], dtype = 'float32') => ({ shape: [data.length], dtype, data })

describe('parseVectorFile', () => {
  it('gives system and cases', () => {
    const text = '{"system":"s","cases":[{"name":"a","call":"f","expect":{"value":1}}]}'
    expect(parseVectorFile(text, 'x.json')).toEqual({
      system: 's',
      cases: [{ name: 'a', call: 'f', expect: { value: 1 } }],
    })
    expect(parseVectorFile('{"cases":[]}', 'x.json')).toEqual({ system: '', cases: [] })
  })

  it.each([
    ['{', 'vectors: x.json must hold JSON, got '],
    ['{}', 'vectors: x.json must hold a list "cases"'],
    ['{"cases":{}}', 'vectors: x.json must hold a list "cases"'],
    ['null', 'vectors: x.json must hold a list "cases"'],
    ['[]', 'vectors: x.json must hold a list "cases"'],
  ])('refuses %s', (text, message) => {
    expect(() => parseVectorFile(text, 'x.json')).toThrow(SurprisalError)
    expect(() => parseVectorFile(text, 'x.json')).toThrow(message)
  })
})

describe('toNumber', () => {
  it.each([
    [1.5, 1.5],
    [true, 1],
    [false, 0],
    ['NaN', Number.NaN],
    ['Infinity', Number.POSITIVE_INFINITY],
    ['-Infinity', Number.NEGATIVE_INFINITY],
  ])('reads %o', (written, value) => {
    expect(toNumber(written)).toBe(value)
  })

  it.each([null, '1', 'inf', [1], undefined])('refuses %o', written => {
    expect(() => toNumber(written)).toThrow('vectors: data must hold numbers, got ')
  })
})

describe('isTensorJson', () => {
  it.each([
    [json([1]), true],
    [{ shape: [1], dtype: 'float32', data: [1], more: 1 }, true],
    [{ shape: [1], dtype: 'float32' }, false],
    [{ shape: 1, dtype: 'float32', data: [1] }, false],
    [null, false],
    [[1], false],
    ['x', false],
  ])('%o: %s', (value, is) => {
    expect(isTensorJson(value)).toBe(is)
  })
})

describe('revive', () => {
  it('makes tensors at any depth and leaves the rest', () => {
    const revived = revive({
      a: json([1, 'NaN']),
      list: [json([true, false], 'bool'), 3, 'text', null],
      deep: { state: { w: json([2], 'int32') } },
    }) as { a: Tensor; list: [Tensor, number, string, null]; deep: { state: { w: Tensor } } }
    expect(Array.from(revived.a.dataSync())).toEqual([1, Number.NaN])
    expect([revived.list[0].dtype, ...revived.list.slice(1)]).toEqual(['bool', 3, 'text', null])
    expect(revived.deep.state.w.dtype).toBe('int32')
    const tensor = revived.a
    expect(revive(tensor)).toBe(tensor)
    expect(tensor).toBeInstanceOf(Tensor)
  })

  it('refuses tensors of another size or dtype', () => {
    expect(() => revive({ shape: [3], dtype: 'float32', data: [1] })).toThrow('shape [3] needs 3 elements, got 1')
    expect(() => revive(json([1], 'float8'))).toThrow(SurprisalError)
  })
})
