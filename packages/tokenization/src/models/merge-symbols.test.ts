import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MergeRules, NO_RANK } from './merge-rules.ts'
import { mergeByHeap, mergeByScan, mergeSymbols } from './merge-symbols.ts'
import type { Symbols } from './symbols.ts'
import { indexVocabulary } from './vocabulary.ts'

fc.configureGlobal({ seed: 1 })

const LETTERS = ['a', 'b', 'c']

/** Random rules over three letters: each merge joins two tokens that are there by then. */
const randomRules = fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 1, maxLength: 12 }).map(picks => {
  const tokens = [...LETTERS]
  const merges: [string, string][] = []
  for (const [left, right] of picks) {
    const merge: [string, string] = [tokens[left % tokens.length], tokens[right % tokens.length]]
    merges.push(merge)
    if (!tokens.includes(merge.join(''))) tokens.push(merge.join(''))
  }
  return new MergeRules(merges, indexVocabulary(tokens).ids, '')
})

const word = (maxLength: number): fc.Arbitrary<number[]> =>
  fc.array(fc.nat({ max: LETTERS.length - 1 }), { minLength: 1, maxLength })

function symbolsOf(ids: number[]): Symbols {
  return {
    ids: Int32Array.from(ids),
    starts: Int32Array.from(ids, (_, i) => i),
    ends: Int32Array.from(ids, (_, i) => i + 1),
  }
}

type Merge = (symbols: Symbols, rules: MergeRules) => number

function run(merge: Merge, ids: number[], rules: MergeRules): number[][] {
  const symbols = symbolsOf(ids)
  const size = merge(symbols, rules)
  return Array.from({ length: size }, (_, i) => [symbols.ids[i], symbols.starts[i], symbols.ends[i]])
}

/** The definition, word for word: join the pair of lowest rank, the leftmost first, until there is none. */
function naive(ids: number[], rules: MergeRules): number[] {
  const symbols = [...ids]
  for (;;) {
    const ranks = symbols.slice(1).map((right, i) => rules.rank(symbols[i], right))
    const best = Math.min(NO_RANK, ...ranks)
    if (best === NO_RANK) return symbols
    symbols.splice(ranks.indexOf(best), 2, rules.joined(best))
  }
}

describe.each([
  ['mergeByScan', mergeByScan],
  ['mergeByHeap', mergeByHeap],
  ['mergeSymbols', mergeSymbols],
] as [string, Merge][])('%s', (_, merge) => {
  it('equals the definition', () => {
    fc.assert(
      fc.property(randomRules, word(60), (rules, ids) => {
        expect(run(merge, ids, rules).map(([id]) => id)).toEqual(naive(ids, rules))
      }),
    )
  })

  it('keeps the places: tokens follow one another and cover the word', () => {
    fc.assert(
      fc.property(randomRules, word(60), (rules, ids) => {
        let at = 0
        for (const [, start, end] of run(merge, ids, rules)) {
          expect(start).toBe(at)
          expect(end).toBeGreaterThan(start)
          at = end
        }
        expect(at).toBe(ids.length)
      }),
    )
  })

  it('leaves nothing of nothing', () => {
    const rules = new MergeRules([], indexVocabulary(LETTERS).ids, '')
    expect(run(merge, [], rules)).toEqual([])
  })
})

describe('mergeSymbols on a very long word', () => {
  it('asks for a rank a bounded number of times a symbol: 100,000 equal letters are no denial of service', () => {
    const powers = Array.from({ length: 12 }, (_, k) => 'a'.repeat(2 ** k))
    const merges = powers.slice(0, -1).map((half): [string, string] => [half, half])
    const rules = new MergeRules(merges, indexVocabulary(powers).ids, '')
    let asked = 0
    const counting = Object.create(rules, {
      rank: {
        value: (left: number, right: number) => {
          asked++
          return rules.rank(left, right)
        },
      },
      joined: { value: (rank: number) => rules.joined(rank) },
    }) as MergeRules
    const size = 100_000
    const tokens = run(mergeSymbols, Array(size).fill(0), counting)
    expect(asked).toBeLessThan(4 * size)
    // 48 * 2^11 letters, then the rest of 1696 = 1024 + 512 + 128 + 32.
    expect(tokens.map(([id]) => id)).toEqual([...Array(48).fill(11), 10, 9, 7, 5])
  })
})
