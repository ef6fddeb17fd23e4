import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { reciprocalRankFusion } from './reciprocal-rank-fusion.ts'

fc.configureGlobal({ seed: 1 })

const ranking = fc.uniqueArray(fc.constantFrom(...'abcdefgh'))

describe('reciprocalRankFusion', () => {
  it('answers the example of its documentation', () => {
    expect(
      reciprocalRankFusion([
        ['a', 'b'],
        ['b', 'c'],
      ])[0],
    ).toEqual(['b', 1 / 62 + 1 / 61])
  })

  it('is the weighted sum of 1 / (k + rank)', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(ranking, fc.nat(5)), { maxLength: 4 }), fc.nat(100), (weighted, k) => {
        const lists = weighted.map(([list]) => list)
        const weights = weighted.map(([, weight]) => weight)
        const fused = reciprocalRankFusion(lists, { k, weights })
        expect(new Set(fused.map(([id]) => id))).toEqual(new Set(lists.flat()))
        for (const [id, score] of fused) {
          const parts = lists.map((list, l) => (list.includes(id) ? weights[l] / (k + list.indexOf(id) + 1) : 0))
          expect(score).toBeCloseTo(
            parts.reduce((a, b) => a + b, 0),
            12,
          )
        }
        for (let i = 1; i < fused.length; i++) {
          const [[a, x], [b, y]] = [fused[i - 1], fused[i]]
          expect(x > y || (x === y && a < b)).toBe(true)
        }
      }),
    )
  })

  it('does not depend on the order of the lists when two are merged', () => {
    fc.assert(
      fc.property(ranking, ranking, (a, b) => {
        expect(reciprocalRankFusion([a, b])).toEqual(reciprocalRankFusion([b, a]))
      }),
    )
  })

  it('orders ties by id, integers by value', () => {
    expect(reciprocalRankFusion([['b'], ['a']]).map(([id]) => id)).toEqual(['a', 'b'])
    expect(reciprocalRankFusion([[10], [9]]).map(([id]) => id)).toEqual([9, 10])
  })

  it('takes no lists and empty lists', () => {
    expect(reciprocalRankFusion([])).toEqual([])
    expect(reciprocalRankFusion([[], ['a']], { k: 0 })).toEqual([['a', 1]])
  })

  it('names what is wrong', () => {
    expect(() => reciprocalRankFusion([['a']], { k: -1 })).toThrow(
      'reciprocalRankFusion: k must be a finite number >= 0, got -1',
    )
    expect(() => reciprocalRankFusion([['a']], { weights: [1, 2] })).toThrow(
      'reciprocalRankFusion: weights must be one per list, got 2 for 1',
    )
    expect(() => reciprocalRankFusion([['a']], { weights: [-1] })).toThrow(
      'reciprocalRankFusion: weights[0] must be a finite number >= 0, got -1',
    )
    expect(() => reciprocalRankFusion([[], ['a', 'b', 'a']])).toThrow('reciprocalRankFusion: lists[1] has id "a" twice')
    expect(() => reciprocalRankFusion(null as unknown as string[][])).toThrow('lists must be a list, got null')
    expect(() => reciprocalRankFusion(['ab'] as unknown as string[][])).toThrow('lists[0] must be a list, got ab')
    expect(() => reciprocalRankFusion([[0.5]])).toThrow('an id must be a string or an integer, got 0.5')
  })
})
