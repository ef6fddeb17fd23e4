import type { WordCounts } from './word-counts.ts'

/**
 * The characters that a BPE trainer starts from, sorted by code point. Past `limit` the rarest by weighted count are
 * dropped (of equals the higher code point first), but never one of `initial`.
 */
export function chooseAlphabet(words: WordCounts, initial: Iterable<string>, limit: number): string[] {
  const counts = new Map<string, number>()
  for (const [word, times] of words) {
    for (const character of word) counts.set(character, (counts.get(character) ?? 0) + times)
  }
  const kept = new Set(initial)
  const codePoint = (character: string): number => character.codePointAt(0) as number
  const others = [...counts].filter(([character]) => !kept.has(character))
  others.sort(([a, countA], [b, countB]) => countB - countA || codePoint(a) - codePoint(b))
  for (const [character] of others.slice(0, Math.max(0, limit - kept.size))) kept.add(character)
  return [...kept].sort((a, b) => codePoint(a) - codePoint(b))
}

/** The tokens of a vocabulary under construction, in id order. */
export class GrowingVocabulary {
  readonly tokens: string[] = []
  #ids = new Map<string, number>()

  has(token: string): boolean {
    return this.#ids.has(token)
  }

  /** The id of a token, which is added when it is new. */
  idOf(token: string): number {
    const known = this.#ids.get(token)
    if (known !== undefined) return known
    this.#ids.set(token, this.tokens.length)
    this.tokens.push(token)
    return this.tokens.length - 1
  }
}

/** Cuts words into the ids of their decorated characters, adding those to the vocabulary; other characters vanish. */
export function segmentWords(
  words: WordCounts,
  vocabulary: GrowingVocabulary,
  prefix: string,
  suffix: string,
): number[][] {
  return words.map(([word]) => {
    const ids: number[] = []
    let at = 0
    for (const character of word) {
      const first = at === 0
      at += character.length
      if (!vocabulary.has(character)) continue
      ids.push(vocabulary.idOf((first ? '' : prefix) + character + (at === word.length ? suffix : '')))
    }
    return ids
  })
}
