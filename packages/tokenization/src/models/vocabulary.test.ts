import { SurprisalError } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { indexVocabulary } from './vocabulary.ts'

const map = (entries: [string, unknown][]): Map<string, number> => new Map(entries as [string, number][])

describe('indexVocabulary', () => {
  it('numbers a list of tokens from 0', () => {
    const { ids, tokens } = indexVocabulary(['a', 'b'])
    expect([...ids]).toEqual([
      ['a', 0],
      ['b', 1],
    ])
    expect(tokens).toEqual(['a', 'b'])
  })

  it('takes ids in any order and with gaps', () => {
    const { ids, tokens } = indexVocabulary(
      map([
        ['b', 3],
        ['a', 0],
      ]),
    )
    expect([ids.get('b'), tokens[0], tokens[1], tokens[3]]).toEqual([3, 'a', undefined, 'b'])
  })

  it('treats names of object fields like any token', () => {
    const { ids, tokens } = indexVocabulary(['__proto__', 'constructor', '10'])
    expect([ids.get('__proto__'), ids.get('toString'), tokens[1]]).toEqual([0, undefined, 'constructor'])
  })

  it.each([[-1], [1.5], [2 ** 26], ['1'], [undefined]])('refuses the id %s', id => {
    const shown = typeof id === 'string' ? `"${id}"` : (id ?? 'nothing')
    const message = `BPE: model.vocab["a"] must be an integer in [0, 67108864), got ${shown}`
    expect(() => indexVocabulary(map([['a', id]]))).toThrow(new SurprisalError('format', message))
  })

  it('refuses an id that two tokens share', () => {
    const message = 'BPE: model.vocab["b"] must be an id of its own, got 0: it belongs to "a"'
    const twice = map([
      ['a', 0],
      ['b', 0],
    ])
    expect(() => indexVocabulary(twice)).toThrow(new SurprisalError('format', message))
  })

  it('refuses a token that is there twice', () => {
    const message = 'BPE: model.vocab["a"] must be an id of its own, got 1: the token is there twice'
    expect(() => indexVocabulary(['a', 'a'])).toThrow(new SurprisalError('format', message))
  })
})
