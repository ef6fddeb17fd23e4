import { SurprisalError } from '@surprisal/tensor'
import { describe } from '../_shared/describe.ts'
import type { PreTokenizer } from '../pre-tokenizers/pre-tokenizer.ts'

/** Words and how often each occurs. */
export type WordCounts = readonly (readonly [string, number])[]

/**
 * Counts the words that `preTokenizer` finds in `texts`, in order of first appearance.
 *
 * @throws {SurprisalError} `argument` when a text is not a string
 */
export function countWords(texts: Iterable<string>, preTokenizer: PreTokenizer): [string, number][] {
  const counts = new Map<string, number>()
  const visit = (word: string): void => {
    counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  let index = 0
  for (const text of texts) {
    if (typeof text !== 'string') {
      throw new SurprisalError('argument', `countWords: texts[${index}] must be a string, got ${describe(text)}`)
    }
    preTokenizer.forEachWord(text, visit)
    index++
  }
  return [...counts]
}

/** Whether a corpus is given as word counts, judged by its first entry. */
export function isWordCounts(corpus: Iterable<string> | WordCounts): corpus is WordCounts {
  return Array.isArray(corpus) && Array.isArray(corpus[0])
}

/** Throws unless every entry is a word with a count >= 0; `where` is `function: argument`. */
export function requireWordCounts(corpus: WordCounts, where: string): void {
  corpus.forEach((entry, index) => {
    const [word, count] = Array.isArray(entry) ? entry : []
    if (typeof word !== 'string' || !Number.isSafeInteger(count) || (count as number) < 0) {
      const got = Array.isArray(entry) ? `[${describe(word)}, ${describe(count)}]` : describe(entry)
      throw new SurprisalError('argument', `${where}[${index}] must be [word, count >= 0], got ${got}`)
    }
  })
}
