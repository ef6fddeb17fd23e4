import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PairCounts } from './pair-counts.ts'
import { SegmentedWords } from './segmented-words.ts'

fc.configureGlobal({ seed: 1 })

const always = (): boolean => true

/** All pairs with their counts, the most frequent first. */
function drain(counts: PairCounts): number[][] {
  counts.commit()
  const pairs: number[][] = []
  for (let top = counts.take(); top !== undefined; top = counts.take()) pairs.push([top.count, top.left, top.right])
  return pairs
}

function countsOf(words: number[][], times: number[]): number[][] {
  const counts = new PairCounts()
  new SegmentedWords(words, times).countPairs(counts, always)
  return drain(counts)
}

function replace(word: number[], left: number, right: number, joined: number): number[] {
  const out: number[] = []
  for (let i = 0; i < word.length; i++) {
    const match = word[i] === left && word[i + 1] === right
    out.push(match ? joined : word[i])
    if (match) i++
  }
  return out
}

describe('SegmentedWords', () => {
  it('counts overlapping pairs, weighted by the count of the word', () => {
    expect(countsOf([[1, 1, 1], [1, 2], [3]], [2, 5, 7])).toEqual([
      [5, 1, 2],
      [4, 1, 1],
    ])
  })

  it('leaves out what is not allowed', () => {
    const counts = new PairCounts()
    new SegmentedWords([[1, 2, 3]], [1]).countPairs(counts, left => left !== 1)
    expect(drain(counts)).toEqual([[1, 2, 3]])
  })

  it('keeps the counts equal to a recount through any merges', () => {
    const words = fc.array(fc.array(fc.nat({ max: 2 }), { maxLength: 10 }), { minLength: 1, maxLength: 4 })
    const picks = fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 4 })
    fc.assert(
      fc.property(words, picks, (start, picks) => {
        const times = start.map((_, i) => i + 1)
        const counts = new PairCounts()
        const segmented = new SegmentedWords(start, times)
        segmented.countPairs(counts, always)
        let current = start
        picks.forEach(([a, b], step) => {
          const [left, right, joined] = [a % (3 + step), b % (3 + step), 3 + step]
          start.forEach((_, word) => {
            segmented.merge(word, left, right, joined, counts, always)
          })
          current = current.map(word => replace(word, left, right, joined))
        })
        expect(drain(counts)).toEqual(countsOf(current, times))
      }),
      { numRuns: 300 },
    )
  })
})
