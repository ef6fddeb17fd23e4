/** A piece of a text, and whether it is to be marked. */
export interface Segment {
  text: string
  marked: boolean
}

const wordPattern = /[\p{L}\p{N}]+(?:['’][\p{L}\p{N}]+)*/gu

/**
 * Splits a text into pieces that equal one of the words, up to case, accents and the commonest English endings,
 * and pieces between them. Joined, the pieces are the text again.
 */
export function highlight(text: string, words: readonly string[]): Segment[] {
  const stems = new Set(words.map(stem))
  const segments: Segment[] = []
  let end = 0
  for (const match of text.matchAll(wordPattern)) {
    if (!stems.has(stem(match[0]))) continue
    if (match.index > end) segments.push({ text: text.slice(end, match.index), marked: false })
    end = match.index + match[0].length
    segments.push({ text: match[0], marked: true })
  }
  if (end < text.length) segments.push({ text: text.slice(end), marked: false })
  return segments
}

function stem(word: string): string {
  const folded = word
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
  const bare = folded.replace(/['’]s$/, '')
  if (bare.length <= 3) return bare
  return bare.replace(/ies$/, 'y').replace(/(?:ing|ed|es|s|e)$/, '')
}
