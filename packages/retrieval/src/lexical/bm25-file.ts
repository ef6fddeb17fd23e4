import type { Id } from '../_shared/types.ts'
import { encodeIndexFile } from '../file/index-file.ts'
import { jsonSection, KIND, type SectionReader } from '../file/sections.ts'
import { OVERFLOW, type Postings } from './postings.ts'

/** Lays out a BM25 index as an index file. */
export function encodeBm25(parameters: Record<string, unknown>, ids: readonly Id[], postings: Postings): Uint8Array {
  const { terms, offsets, documents, frequencies, overflow, lengths } = postings
  return encodeIndexFile({
    kind: KIND.bm25,
    metadata: { count: ids.length, terms: terms.length, ...parameters },
    sections: {
      offsets,
      documents,
      frequencies,
      overflow: Int32Array.from([...overflow].flat()),
      lengths,
      terms: jsonSection(terms),
      ids: jsonSection(ids),
    },
  })
}

/** Reads the postings of a file and checks that they are possible: every row, order, frequency and length. */
export function decodePostings(reader: SectionReader): { postings: Postings; ids: Id[] } {
  const count = reader.count('count')
  const terms = reader.strings('terms', reader.count('terms'))
  const offsets = reader.array('offsets', Int32Array, terms.length + 1)
  const documents = reader.array('documents', Int32Array)
  const frequencies = reader.array('frequencies', Uint8Array, documents.length)
  const lengths = reader.array('lengths', Int32Array, count)
  const pairs = reader.array('overflow', Int32Array)
  const overflow = new Map<number, number>()
  for (let i = 0; i + 1 < pairs.length; i += 2) overflow.set(pairs[i], pairs[i + 1])

  if (offsets[0] !== 0 || offsets[terms.length] !== documents.length) {
    reader.fail('section "offsets" does not cover section "documents"')
  }
  for (let t = 0; t < terms.length; t++) {
    if (offsets[t + 1] <= offsets[t]) reader.fail(`section "offsets" does not ascend at term ${t}`)
  }
  const sums = new Int32Array(count)
  for (let t = 0; t < terms.length; t++) {
    let before = -1
    for (let p = offsets[t]; p < offsets[t + 1]; p++) {
      const row = documents[p]
      if (row <= before || row >= count) reader.fail(`section "documents" has row ${row} at posting ${p}`)
      const frequency = frequencies[p] === OVERFLOW ? (overflow.get(p) ?? 0) : frequencies[p]
      if (frequency < 1) reader.fail(`section "frequencies" has ${frequency} at posting ${p}`)
      sums[row] += frequency
      before = row
    }
  }
  const wrong = sums.findIndex((sum, row) => sum !== lengths[row])
  if (wrong >= 0)
    reader.fail(`section "lengths" has ${lengths[wrong]} for row ${wrong}, its terms add up to ${sums[wrong]}`)
  return { postings: { terms, offsets, documents, frequencies, overflow, lengths }, ids: reader.ids('ids', count) }
}
