import type { Tokenizer } from '@surprisal/tokenization'

/** Ends each text. */
export const endOfText = '<|endoftext|>'

/** Of so many texts one is kept for validation. */
const validationEvery = 50

/** Texts that are learned from, and texts that are not. */
export interface Split {
  readonly train: readonly string[]
  readonly validation: readonly string[]
}

/** Keeps some texts for validation; of few texts the end of the last one. */
export function splitTexts(documents: readonly string[]): Split {
  if (documents.length >= validationEvery) {
    const isKept = (_: string, i: number) => i % validationEvery === validationEvery - 1
    return { train: documents.filter((text, i) => !isKept(text, i)), validation: documents.filter(isKept) }
  }
  const last = documents[documents.length - 1]
  const cut = Math.floor(last.length * 0.9)
  return { train: [...documents.slice(0, -1), last.slice(0, cut)], validation: [last.slice(cut)] }
}

/** Texts as one list of ids, and what they measure. */
export interface TokenStream {
  readonly ids: Int32Array
  /** Characters and UTF-8 bytes of the texts, the end of each counted as one. */
  readonly characters: number
  readonly bytes: number
}

/** Encodes texts, each with the token that ends it. */
export function toStream(texts: readonly string[], tokenizer: Tokenizer): TokenStream {
  const end = tokenizer.tokenToId(endOfText) as number
  const parts = texts.map(text => tokenizer.encodeIds(text))
  const ids = new Int32Array(parts.reduce((sum, { length }) => sum + length + 1, 0))
  let at = 0
  for (const part of parts) {
    ids.set(part, at)
    at += part.length
    ids[at++] = end
  }
  const count = (size: (text: string) => number) => texts.reduce((sum, text) => sum + size(text) + 1, 0)
  return { ids, characters: count(text => [...text].length), bytes: count(text => Buffer.byteLength(text)) }
}
