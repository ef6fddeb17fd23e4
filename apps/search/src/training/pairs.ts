import type { Corpus } from '../data/corpus.ts'
import type { RandomStream } from '../data/random.ts'

/** Token ids of the parts of every document. */
export interface TokenizedCorpus {
  readonly titles: readonly Int32Array[]
  readonly texts: readonly Int32Array[]
  readonly examples: readonly (readonly Int32Array[])[]
  readonly related: readonly (readonly number[])[]
  /** Per token whether a word begins with it. */
  readonly wordStarts: Uint8Array
}

/** A query and the document that it should find, as token ids. */
export interface TrainingPair {
  readonly query: Int32Array
  readonly document: Int32Array
}

export function tokenizeCorpus(
  corpus: Corpus,
  encode: (text: string) => Int32Array,
  wordStarts: Uint8Array,
): TokenizedCorpus {
  const { documents } = corpus
  return {
    titles: documents.map(document => encode(document.title)),
    texts: documents.map(document => encode(document.text)),
    examples: documents.map(document => document.examples.map(encode)),
    related: documents.map(document => document.related),
    wordStarts,
  }
}

/** What is indexed of a document: its title and its text. */
export function documentTokens({ titles, texts }: TokenizedCorpus, i: number): Int32Array {
  return join(titles[i], texts[i])
}

function join(a: Int32Array, b: Int32Array): Int32Array {
  const both = new Int32Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}

/** Leaves out whole words with the given probability; never all of them. */
export function dropWords(tokens: Int32Array, wordStarts: Uint8Array, rate: number, random: RandomStream): Int32Array {
  let kept = true
  const rest = tokens.filter((token, i) => {
    if (i === 0 || wordStarts[token]) kept = random.next() >= rate
    return kept
  })
  return rest.length > 0 ? rest : tokens
}

/**
 * Draws one pair for a document: its examples, its title, a document of near meaning, or its own text with words left
 * out, in the place of the query.
 * @param allowed whether a document may be used; held-out ones may not, not even as a neighbour
 */
export function drawPair(
  corpus: TokenizedCorpus,
  i: number,
  allowed: (i: number) => boolean,
  random: RandomStream,
): TrainingPair {
  const { titles, texts, examples, related, wordStarts } = corpus
  const neighbours = related[i].filter(allowed)
  const sources: (() => Int32Array)[] = [() => dropWords(texts[i], wordStarts, 0.5, random), () => titles[i]]
  // Few documents have examples, and those say how a word is used: they count for more.
  if (examples[i].length > 0) for (let copies = 0; copies < 3; copies++) sources.push(() => random.pick(examples[i]))
  if (neighbours.length > 0) {
    const near = (): Int32Array => {
      const j = random.pick(neighbours)
      return join(random.next() < 0.5 ? titles[j] : new Int32Array(0), texts[j])
    }
    sources.push(near, near)
  }
  const query = random.pick(sources)()
  const text = dropWords(texts[i], wordStarts, 0.1, random)
  // Now and then the title is hidden, so that the text alone must carry the meaning.
  return { query, document: random.next() < 0.7 ? join(titles[i], text) : text }
}
