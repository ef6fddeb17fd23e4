import type { Corpus } from '../data/corpus.ts'
import { loadFolder } from '../data/folder.ts'
import { RandomStream } from '../data/random.ts'
import { loadWordNet } from '../data/wordnet.ts'
import type { SearchOptions } from './options.ts'
import { presets } from './presets.ts'

/** The corpus that was asked for, cut to the size of the preset. */
export async function loadCorpus({ dir, exclude, preset }: SearchOptions): Promise<Corpus> {
  const corpus = dir === null ? await loadWordNet() : await loadFolder(dir, exclude)
  return sampleCorpus(corpus, presets[preset].documents)
}

/** A random part of a corpus, the same one every time; relations to documents left out are dropped. */
export function sampleCorpus(corpus: Corpus, count: number): Corpus {
  const { documents } = corpus
  if (documents.length <= count) return corpus
  const kept = new RandomStream(0).distinct(count, documents.length).sort((a, b) => a - b)
  const positions = new Map(kept.map((old, now) => [old, now]))
  return {
    ...corpus,
    documents: kept.map(i => ({ ...documents[i], related: documents[i].related.flatMap(j => positions.get(j) ?? []) })),
  }
}
