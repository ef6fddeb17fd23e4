import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emptyPostings, frequencyOf, occursIn, seek } from './postings.ts'

fc.configureGlobal({ seed: 1 })

describe('seek', () => {
  it('finds the first document that is not below, from any start', () => {
    const ascending = fc.uniqueArray(fc.nat(200), { maxLength: 60 }).map(list => list.sort((a, b) => a - b))
    fc.assert(
      fc.property(ascending, fc.nat(60), fc.nat(60), fc.nat(210), (list, from, length, document) => {
        const start = Math.min(from, list.length)
        const end = Math.min(list.length, start + length)
        let expected = start
        while (expected < end && list[expected] < document) expected++
        expect(seek(Int32Array.from(list), start, end, document)).toBe(expected)
      }),
      { numRuns: 500 },
    )
  })
})

const postings = {
  terms: ['a', 'b'],
  offsets: Int32Array.of(0, 2, 3),
  documents: Int32Array.of(0, 4, 2),
  frequencies: Uint8Array.of(1, 255, 3),
  overflow: new Map([[1, 1000]]),
  lengths: new Int32Array(5),
}

describe('frequencyOf', () => {
  it('reads small and large frequencies', () => {
    expect([0, 1, 2].map(posting => frequencyOf(postings, posting))).toEqual([1, 1000, 3])
  })
})

describe('occursIn', () => {
  it('looks into the list of its term only', () => {
    expect([0, 2, 4].map(document => occursIn(postings, 0, document))).toEqual([true, false, true])
    expect([0, 2, 4].map(document => occursIn(postings, 1, document))).toEqual([false, true, false])
  })
})

describe('emptyPostings', () => {
  it('has one offset and nothing else', () => {
    const { offsets, documents, terms, lengths } = emptyPostings()
    expect([offsets.length, documents.length, terms.length, lengths.length]).toEqual([1, 0, 0, 0])
  })
})
