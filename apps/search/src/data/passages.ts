import { type Block, toBlocks } from './blocks.ts'

/** A part of a file that is found as a whole. */
export interface Passage {
  /** The file's name and the headings above it. */
  readonly title: string
  readonly text: string
  /** Number of its first line, from 1. */
  readonly line: number
}

const wordsPerPassage = 120
/** Where words are no measure: scripts without spaces, base64. */
const charactersPerPassage = 1200

const countWords = (text: string): number => text.split(/\s+/).filter(Boolean).length

const isLong = (text: string): boolean =>
  text.length > 2 * charactersPerPassage || countWords(text) > 2 * wordsPerPassage

/** Cuts a text into passages of about a hundred words that never cross a heading. */
export function splitPassages(text: string, fileName: string): Passage[] {
  const joined: Block[] = []
  const markdown = /\.(md|markdown)$/i.test(fileName)
  for (const block of toBlocks(text, { markdown }).flatMap(cutLong)) {
    const last = joined.at(-1)
    if (last && last.headings === block.headings && fitsBehind(last.text, block.text))
      joined[joined.length - 1] = { ...last, text: `${last.text} ${block.text}` }
    else joined.push(block)
  }
  return joined.map(block => ({
    title: [fileName, ...block.headings].join(' › '),
    text: block.text,
    line: block.lineAt(0),
  }))
}

const fitsBehind = (before: string, text: string): boolean =>
  before.length + text.length < charactersPerPassage && countWords(before) + countWords(text) <= wordsPerPassage

/** A long block in parts of whole sentences, or of whole words where a sentence has no end. */
function cutLong(block: Block): Block[] {
  if (!isLong(block.text)) return [block]
  const parts: Block[] = []
  let start = 0
  let end = 0
  const close = (): void => {
    const from = start
    if (end > start)
      parts.push({ ...block, text: block.text.slice(start, end).trim(), lineAt: offset => block.lineAt(from + offset) })
    start = end
  }
  for (const piece of sentences(block.text)) {
    if (end > start && !fitsBehind(block.text.slice(start, end), piece)) close()
    end += piece.length
  }
  close()
  return parts
}

/** The whole text in pieces that end with a sentence and the space behind it; an endless one is cut between words. */
function sentences(text: string): string[] {
  return (text.match(/.+?(?:[.!?]["')\]]*\s+|$)/gs) ?? []).flatMap(sentence =>
    isLong(sentence) ? cutBetweenWords(sentence) : [sentence],
  )
}

function cutBetweenWords(text: string): string[] {
  const pieces: string[] = []
  let piece = ''
  let words = 0
  // Surrogate pairs stay together, by the flag u.
  for (const [word] of text.matchAll(new RegExp(`\\S{1,${charactersPerPassage}}\\s*`, 'gu'))) {
    if (words === wordsPerPassage || piece.length + word.length > charactersPerPassage) {
      pieces.push(piece)
      piece = ''
      words = 0
    }
    piece += word
    words += 1
  }
  return [...pieces, piece]
}
