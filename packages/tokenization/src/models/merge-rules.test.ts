import { SurprisalError } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { MergeRules, NO_RANK } from './merge-rules.ts'
import { indexVocabulary } from './vocabulary.ts'

const ids = (tokens: string[]): ReadonlyMap<string, number> => indexVocabulary(tokens).ids

describe('MergeRules', () => {
  it('ranks pairs by their place in the list', () => {
    const rules = new MergeRules(
      [
        ['b', 'c'],
        ['a', 'bc'],
      ],
      ids(['a', 'b', 'c', 'bc', 'abc']),
      '',
    )
    expect([rules.rank(1, 2), rules.rank(0, 3), rules.rank(2, 1)]).toEqual([0, 1, NO_RANK])
    expect([rules.joined(0), rules.joined(1)]).toEqual([3, 4])
  })

  it('lets the right part lose the prefix', () => {
    const rules = new MergeRules([['a', '##b']], ids(['a', '##b', 'ab']), '##')
    expect(rules.joined(rules.rank(0, 1))).toBe(2)
  })

  it.each([
    [['a', 'x'], 'got "a" + "x": no "x"'],
    [['x', 'a'], 'got "x" + "a": no "x"'],
    [['b', 'a'], 'got "b" + "a": no "ba"'],
  ] as [[string, string], string][])('refuses %o, which names a token that is not there', (merge, got) => {
    const make = (): MergeRules => new MergeRules([['a', 'b'], merge], ids(['a', 'b', 'ab']), '')
    const message = `BPE: model.merges[1] must join two tokens of model.vocab into a third, ${got}`
    expect(make).toThrow(new SurprisalError('format', message))
  })
})
