import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { BinaryIndex } from '../dense/binary-index.ts'
import { FlatIndex } from '../dense/flat-index.ts'
import { Int8Index } from '../dense/int8-index.ts'
import { BM25Index } from '../lexical/bm25-index.ts'

/** Files as format 1 wrote them; they must open, and answer the same, for ever. */
const stored = (name: string) => readFile(new URL(`../../fixtures/compat/format-1/${name}.srpx`, import.meta.url))
const query = [1, 2, 2]

describe('files of format 1', () => {
  it('FlatIndex', async () => {
    expect(FlatIndex.load(await stored('flat')).search(query)).toEqual([
      { id: 'a', score: 1 },
      { id: 7, score: 6.25 },
      { id: '\ud800', score: 46 },
    ])
  })

  it('Int8Index', async () => {
    expect(Int8Index.load(await stored('int8')).search(query)).toEqual([
      { id: 'a', score: 0.9801039099693298 },
      { id: 7, score: 0.580822229385376 },
      { id: '\ud800', score: -0.11511040478944778 },
    ])
  })

  it('BinaryIndex', async () => {
    expect(BinaryIndex.load(await stored('binary')).search(query)).toEqual([
      { id: 'a', score: 11.00787353515625 },
      { id: 7, score: 4 },
      { id: '\ud800', score: -1.9842519760131836 },
    ])
  })

  it('BM25Index', async () => {
    const index = BM25Index.load(await stored('bm25'))
    expect(index.parameters).toMatchObject({ variant: 'bm25+', k1: 1.5 })
    const hits = index.search('cats dog x')
    expect(hits.map(({ id, terms }) => [id, terms])).toEqual([
      [7, ['cat', 'dog']],
      ['\ud800', ['x']],
      ['a', ['cat']],
    ])
    const scores = [5.800160957045758, 4.8097439052414055, 1.9333869856819192]
    for (const [i, hit] of hits.entries()) expect(hit.score).toBeCloseTo(scores[i], 12)
  })

  it('are written the same today', async () => {
    const kinds = { flat: FlatIndex, int8: Int8Index, binary: BinaryIndex, bm25: BM25Index }
    for (const [name, kind] of Object.entries(kinds)) {
      const bytes = new Uint8Array(await stored(name))
      expect(kind.load(bytes).save()).toEqual(bytes)
    }
  })
})
