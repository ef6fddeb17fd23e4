import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Id } from '../_shared/types.ts'
import { BinaryIndex } from './binary-index.ts'
import { FlatIndex } from './flat-index.ts'
import { Int8Index } from './int8-index.ts'

fc.configureGlobal({ seed: 1 })

type DenseIndex = FlatIndex | Int8Index | BinaryIndex

/** Every dense index, in each form that has its own code. */
const KINDS: { name: string; make: (dim: number) => DenseIndex; load: (bytes: Uint8Array) => DenseIndex }[] = [
  { name: 'FlatIndex', make: dim => new FlatIndex({ dim }), load: FlatIndex.load },
  { name: 'FlatIndex', make: dim => new FlatIndex({ dim, metric: 'cosine' }), load: FlatIndex.load },
  { name: 'FlatIndex', make: dim => new FlatIndex({ dim, metric: 'l2' }), load: FlatIndex.load },
  { name: 'Int8Index', make: dim => new Int8Index({ dim }), load: Int8Index.load },
  { name: 'Int8Index', make: dim => new Int8Index({ dim, metric: 'cosine' }), load: Int8Index.load },
  { name: 'Int8Index', make: dim => new Int8Index({ dim, metric: 'l2' }), load: Int8Index.load },
  { name: 'BinaryIndex', make: dim => new BinaryIndex({ dim }), load: BinaryIndex.load },
  {
    name: 'BinaryIndex',
    make: dim => new BinaryIndex({ dim, rescore: 'int8', metric: 'cosine' }),
    load: BinaryIndex.load,
  },
  { name: 'BinaryIndex', make: dim => new BinaryIndex({ dim, rescore: 'none' }), load: BinaryIndex.load },
]
const DIM = 3

const vector = fc
  .array(fc.integer({ min: -3, max: 3 }), { minLength: DIM, maxLength: DIM })
  .filter(values => values.some(value => value !== 0))
const id = fc.oneof(fc.integer({ min: 0, max: 8 }), fc.constantFrom('a', 'b', 'c'))
type Command = { kind: 'add'; id: Id; vector: number[] } | { kind: 'remove'; id: Id }
const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), id, vector }),
  fc.record({ kind: fc.constant('remove' as const), id }),
)

/** Applies commands to an index and to a plain list, the latter in the order of insertion. */
function replay(index: DenseIndex, commands: Command[]): Map<Id, number[]> {
  const model = new Map<Id, number[]>()
  for (const step of commands) {
    if (step.kind === 'add') {
      index.add([step.id], Float32Array.from(step.vector), { onConflict: 'replace' })
      model.delete(step.id)
      model.set(step.id, step.vector)
    } else {
      expect(index.remove([step.id])).toBe(model.delete(step.id) ? 1 : 0)
    }
  }
  return model
}

/** The same vectors, added in one go. */
function rebuilt(make: (dim: number) => DenseIndex, model: Map<Id, number[]>): DenseIndex {
  const index = make(DIM)
  index.add([...model.keys()], Float32Array.from([...model.values()].flat()))
  return index
}

describe.each(KINDS)('$name %#', ({ name, make, load }) => {
  const commands = fc.array(command, { maxLength: 25 })

  it('after any adds, replacements and removals equals an index made at once', () => {
    fc.assert(
      fc.property(commands, vector, fc.integer({ min: 1, max: 12 }), (steps, query, k) => {
        const index = make(DIM)
        const model = replay(index, steps)
        expect(index.size).toBe(model.size)
        expect(index.search(query, { k })).toEqual(rebuilt(make, model).search(query, { k }))
      }),
    )
  })

  it('returns min(k, passing) results, sorted, without repeats or filtered ids', () => {
    fc.assert(
      fc.property(commands, vector, fc.integer({ min: 1, max: 12 }), id, (steps, query, k, unwanted) => {
        const index = make(DIM)
        const model = replay(index, steps)
        const hits = index.search(query, { k, filter: candidate => candidate !== unwanted })
        model.delete(unwanted)
        expect(hits.length).toBe(Math.min(k, model.size))
        expect(new Set(hits.map(hit => hit.id)).size).toBe(hits.length)
        expect(hits.every(hit => model.has(hit.id))).toBe(true)
        const sign = index.metric === 'l2' ? -1 : 1
        for (let i = 1; i < hits.length; i++) {
          expect(sign * hits[i - 1].score).toBeGreaterThanOrEqual(sign * hits[i].score)
        }
      }),
    )
  })

  it('gives the same bits one by one, in a batch, and after save and load', () => {
    fc.assert(
      fc.property(commands, fc.array(vector, { maxLength: 4 }), (steps, queries) => {
        const index = make(DIM)
        replay(index, steps)
        const single = queries.map(query => index.search(query, { k: 5 }))
        expect(index.searchBatch(queries.flat(), { k: 5 })).toEqual(single)
        const loaded = load(index.save())
        expect(loaded.searchBatch(queries.flat(), { k: 5 })).toEqual(single)
        expect(loaded.stats()).toEqual(index.stats())
      }),
    )
  })

  it('can be changed after it was loaded, and leaves the bytes alone', () => {
    const index = make(DIM)
    index.add(['a', 'b'], Float32Array.of(1, 2, 3, -1, 2, 1))
    const bytes = index.save()
    const before = bytes.slice()
    const loaded = load(bytes)
    loaded.add(['c'], Float32Array.of(1, 1, 1))
    loaded.remove(['a'])
    expect(bytes).toEqual(before)
    expect(loaded.search([1, 1, 1]).map(hit => hit.id)).toEqual(['c', 'b'])
  })

  it('loads from bytes at any alignment', () => {
    const index = make(DIM)
    index.add(['a', 'b'], Float32Array.of(1, 2, 3, -1, 2, 1))
    const bytes = index.save()
    const shifted = new Uint8Array(bytes.length + 3)
    shifted.set(bytes, 3)
    expect(load(shifted.subarray(3)).search([1, 2, 3])).toEqual(index.search([1, 2, 3]))
  })

  it('is empty without vectors, and says so', () => {
    const index = make(DIM)
    expect(index.search([1, 2, 3])).toEqual([])
    expect(index.searchBatch([1, 2, 3, 4, 5, 6])).toEqual([[], []])
    expect(load(index.save()).size).toBe(0)
    expect(index.stats()).toMatchObject({ count: 0, dim: DIM, bytes: 0 })
  })

  it('adds all or nothing', () => {
    const index = make(DIM)
    index.add(['a'], Float32Array.of(1, 2, 3))
    expect(() => index.add(['b', 'a'], Float32Array.of(1, 2, 3, 4, 5, 6))).toThrow(
      `${name}.add: id "a" is in the index already; onConflict: 'replace' replaces it`,
    )
    expect(() => index.add(['c', 'd'], Float32Array.of(1, 2, 3, 4, Number.NaN, 6))).toThrow(
      `${name}.add: vectors row 1 must be finite, got NaN`,
    )
    expect([index.size, index.has('a'), index.has('b'), index.has('c')]).toEqual([1, true, false, false])
  })

  it('names what is wrong with a call', () => {
    const index = make(DIM)
    index.add(['a'], Float32Array.of(1, 2, 3))
    expect(() => index.search([1, 2])).toThrow(`${name}.search: dimension 2 of queries != 3 of the index`)
    expect(() => index.search([1, 2, 3], { k: 0 })).toThrow(`${name}.search: k must be an integer >= 1, got 0`)
    expect(() => index.search([1, Infinity, 3])).toThrow(`${name}.search: queries row 0 must be finite, got Infinity`)
    expect(() => index.searchBatch([1, 2, 3, 4])).toThrow(
      `${name}.searchBatch: dimension 3 of the index does not divide 4 values`,
    )
    expect(() => index.add(['b'], Float32Array.of(1))).toThrow(
      `${name}.add: vectors must hold 1 rows of dimension 3, got 1 values`,
    )
    expect(() => index.remove('a' as never)).toThrow(`${name}.remove: ids must be a list, got a`)
    expect(() => make(0)).toThrow(`${name}: dim must be an integer >= 1, got 0`)
  })
})

describe.each(KINDS.filter(({ make }) => make(DIM).metric === 'cosine'))('$name with cosine', ({ name, make }) => {
  it('refuses vectors without a direction, on either side', () => {
    const index = make(DIM)
    expect(() => index.add(['a', 'b'], Float32Array.of(1, 2, 3, 0, 0, 0))).toThrow(
      `${name}.add: vectors row 1 is a zero vector, which has no cosine`,
    )
    index.add(['a'], Float32Array.of(1, 2, 3))
    expect(() => index.search([0, 0, 0])).toThrow(`${name}.search: queries row 0 is a zero vector, which has no cosine`)
  })
})
