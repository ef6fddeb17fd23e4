/** A part of a file that is found as a whole. */
export interface Passage {
  /** The headings above it, or the file's name. */
  readonly title: string
  readonly text: string
  /** Number of its first line, from 1. */
  readonly line: number
}

const wordsPerPassage = 120

const countWords = (text: string): number => text.split(/\s+/).filter(Boolean).length

interface Block {
  text: string
  line: number
  headings: string[]
}

/** Paragraphs with the headings above them; a code block is one paragraph. */
function toBlocks(text: string): Block[] {
  const blocks: Block[] = []
  let headings: string[] = []
  let lines: string[] = []
  let start = 1
  let fenced = false
  const close = (): void => {
    const joined = lines.join(' ').replace(/\s+/g, ' ').trim()
    if (joined) blocks.push({ text: joined, line: start, headings })
    lines = []
  }
  text.split(/\r?\n/).forEach((line, i) => {
    if (/^\s*(```|~~~)/.test(line)) fenced = !fenced
    const heading = fenced ? null : /^(#{1,6})\s+(.+?)\s*#*$/.exec(line)
    if (heading) {
      close()
      headings = [...headings.slice(0, heading[1].length - 1), heading[2]]
    } else if (!fenced && line.trim() === '') close()
    else {
      if (lines.length === 0) start = i + 1
      lines.push(line)
    }
  })
  close()
  return blocks
}

/** A long paragraph in parts of whole sentences; all parts have the line at which it begins. */
function cutLong(block: Block): Block[] {
  if (countWords(block.text) <= 2 * wordsPerPassage) return [block]
  const parts: Block[] = []
  let part = ''
  for (const sentence of block.text.split(/(?<=[.!?])\s+/)) {
    if (part && countWords(part) + countWords(sentence) > wordsPerPassage) {
      parts.push({ ...block, text: part })
      part = ''
    }
    part = part ? `${part} ${sentence}` : sentence
  }
  return [...parts, { ...block, text: part }]
}

/** Cuts a text into passages of about a hundred words that never cross a heading. */
export function splitPassages(text: string, fileName: string): Passage[] {
  const joined: Block[] = []
  for (const block of toBlocks(text).flatMap(cutLong)) {
    const last = joined.at(-1)
    if (last && last.headings === block.headings && countWords(last.text) + countWords(block.text) <= wordsPerPassage)
      joined[joined.length - 1] = { ...last, text: `${last.text} ${block.text}` }
    else joined.push(block)
  }
  return joined.map(({ text: passage, line, headings }) => ({ title: [fileName, ...headings].join(' › '), text: passage, line }))
}
