import { describe, expect, it } from 'vitest'
import { BinaryIndex } from '../dense/binary-index.ts'
import { FlatIndex } from '../dense/flat-index.ts'
import { Int8Index } from '../dense/int8-index.ts'
import { BM25Index } from '../lexical/bm25-index.ts'

const ids = ['a', 'b', 7]
const vectors = Float32Array.of(1, 2, 3, -1, 0.5, 2, 4, -4, 1)

function filled<T extends { add(ids: (string | number)[], vectors: Float32Array): void }>(index: T): T {
  index.add(ids, vectors)
  return index
}

function words(): BM25Index {
  const index = new BM25Index({ variant: 'okapi' })
  index.add(ids, ['a cat sat', 'a dog', 'x '.repeat(300)])
  return index
}

/** A saved index of every kind, and how to open it. */
const FILES: [string, Uint8Array, (bytes: Uint8Array) => unknown][] = [
  ['FlatIndex', filled(new FlatIndex({ dim: 3, metric: 'cosine' })).save(), FlatIndex.load],
  ['Int8Index', filled(new Int8Index({ dim: 3 })).save(), Int8Index.load],
  ['BinaryIndex', filled(new BinaryIndex({ dim: 3, rescore: 'int8' })).save(), BinaryIndex.load],
  ['BM25Index', words().save(), BM25Index.load],
]
const formatError = expect.objectContaining({ name: 'SurprisalError', code: 'format' })

describe.each(FILES)('a saved %s', (name, bytes, load) => {
  it('opens whole', () => {
    expect(() => load(bytes)).not.toThrow()
  })

  it('is refused when cut at any length', () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(() => load(bytes.slice(0, length))).toThrow(formatError)
    }
  })

  it('is refused with any one bit flipped', () => {
    const damaged = bytes.slice()
    for (let i = 0; i < bytes.length; i++) {
      damaged[i] ^= 1 << (i % 8)
      expect(() => load(damaged)).toThrow(formatError)
      damaged[i] ^= 1 << (i % 8)
    }
  })

  it('is refused by every other class', () => {
    for (const [other, , loadOther] of FILES.filter(([candidate]) => candidate !== name)) {
      expect(() => loadOther(bytes)).toThrow(
        new RegExp(`^${other}.load: the file holds an index of kind \\d, not \\d$`),
      )
    }
  })

  it('starts its messages with the name of the call', () => {
    expect(() => load(bytes.slice(0, 20))).toThrow(
      new RegExp(`^${name}.load: the file is truncated: the header ends at`),
    )
  })
})
