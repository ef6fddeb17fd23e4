import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { frequencyOf, type Postings } from './postings.ts'
import { PostingsBuilder } from './postings-builder.ts'

fc.configureGlobal({ seed: 1 })

/** Documents as sorted token lists, read back from postings. */
function documentsOf(postings: Postings): string[][] {
  const documents = Array.from(postings.lengths, (): string[] => [])
  for (const [t, term] of postings.terms.entries()) {
    for (let p = postings.offsets[t]; p < postings.offsets[t + 1]; p++) {
      for (let i = 0; i < frequencyOf(postings, p); i++) documents[postings.documents[p]].push(term)
    }
  }
  return documents.map(tokens => tokens.sort())
}

type Step = { kind: 'add'; tokens: string[] } | { kind: 'drop'; modulus: number } | { kind: 'merge' }
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), tokens: fc.array(fc.constantFrom('a', 'b', 'c', 'd')) }),
  fc.record({ kind: fc.constant('drop' as const), modulus: fc.integer({ min: 1, max: 4 }) }),
  fc.constant({ kind: 'merge' as const }),
)

describe('PostingsBuilder', () => {
  it('holds the living documents in order after any changes', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), steps => {
        const builder = new PostingsBuilder()
        let model: string[][] = []
        for (const change of steps) {
          if (change.kind === 'add') {
            builder.add(change.tokens)
            model.push(change.tokens)
          } else if (change.kind === 'drop') {
            const kept = model.map((_, row) => row).filter(row => row % change.modulus !== 0)
            builder.keep(Int32Array.from(kept))
            model = kept.map(row => model[row])
          } else {
            builder.postings()
          }
        }
        const postings = builder.postings()
        expect(documentsOf(postings)).toEqual(model.map(tokens => [...tokens].sort()))
        expect([...postings.lengths]).toEqual(model.map(tokens => tokens.length))
        expect(new Set(postings.terms)).toEqual(new Set(model.flat()))
        for (const [number, term] of postings.terms.entries()) expect(builder.term(term)).toBe(number)
      }),
    )
  })

  it('keeps each list of documents ascending', () => {
    const builder = new PostingsBuilder()
    for (let i = 0; i < 50; i++) builder.add(i % 3 === 0 ? ['x', 'y'] : ['y'])
    builder.postings()
    for (let i = 0; i < 50; i++) builder.add(['x'])
    const { offsets, documents, terms } = builder.postings()
    for (const t of terms.keys()) {
      const list = documents.slice(offsets[t], offsets[t + 1])
      expect(list).toEqual(list.slice().sort())
    }
  })

  it('forgets terms that no document has any more', () => {
    const builder = new PostingsBuilder()
    builder.add(['gone', 'stays'])
    builder.add(['stays'])
    builder.postings()
    builder.keep(Int32Array.of(1))
    expect(builder.postings().terms).toEqual(['stays'])
    expect([builder.term('gone'), builder.term('stays')]).toEqual([undefined, 0])
  })

  it('counts beyond a byte, through a merge too', () => {
    const builder = new PostingsBuilder()
    builder.add(new Array(254).fill('a'))
    builder.add(new Array(255).fill('a'))
    builder.add(new Array(70000).fill('a'))
    const frequencies = () => [0, 1, 2].map(p => frequencyOf(builder.postings(), p))
    expect(frequencies()).toEqual([254, 255, 70000])
    builder.add(['a'])
    expect(frequencies()).toEqual([254, 255, 70000])
  })

  it('returns the same object until something changes', () => {
    const builder = new PostingsBuilder()
    builder.add(['a'])
    const first = builder.postings()
    expect(builder.postings()).toBe(first)
    builder.add(['b'])
    expect(builder.postings()).not.toBe(first)
  })
})
