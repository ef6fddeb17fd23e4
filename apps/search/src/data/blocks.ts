/** A paragraph, its white space made single spaces. */
export interface Block {
  readonly text: string
  /** Headings above it, the outermost first; one list for all blocks between two headings. */
  readonly headings: readonly string[]
  /** Line of the file, from 1, on which the character of `text` at an offset stands. */
  readonly lineAt: (offset: number) => number
}

/**
 * Paragraphs of a text. In Markdown, a code block is one paragraph and headings (`# so` and underlined) are told apart;
 * elsewhere only empty lines count.
 */
export function toBlocks(text: string, { markdown }: { markdown: boolean }): Block[] {
  const reader = new BlockReader()
  const lines = text.split(/\r\n|\r|\n/)
  // Of a first line of dashes, everything up to the next one is about the document and no heading.
  const frontMatterEnd = markdown && lines[0] === '---' ? lines.indexOf('---', 1) : -1
  let fence: string | null = null
  for (const [i, line] of lines.entries()) {
    const marks = markdown ? readMarks(line) : {}
    if (fence !== null && marks.fence?.startsWith(fence) && line.trim() === marks.fence) {
      fence = null
      reader.close()
    } else if (fence !== null) reader.line(line, i + 1)
    else if (marks.fence) {
      fence = marks.fence
      reader.close()
    } else if (marks.heading) reader.heading(marks.heading.level, marks.heading.title)
    else if (marks.underline && i > frontMatterEnd) reader.underline(marks.underline)
    else if (marks.underline || line.trim() === '') reader.close()
    else reader.line(line, i + 1)
  }
  reader.close()
  return reader.blocks
}

interface Marks {
  /** The backticks or tildes that open or close a code block. */
  fence?: string
  heading?: { level: number; title: string }
  /** Level of the heading that this line would make of the line above it. */
  underline?: number
}

function readMarks(line: string): Marks {
  const heading = /^ {0,3}(#{1,6})\s+(.+?)\s*#*$/.exec(line)
  const underline = /^ {0,3}(=+|-+)\s*$/.exec(line)?.[1]
  return {
    fence: /^\s*(`{3,}|~{3,})/.exec(line)?.[1],
    heading: heading ? { level: heading[1].length, title: heading[2] } : undefined,
    underline: underline === undefined ? undefined : underline.startsWith('=') ? 1 : 2,
  }
}

/** Joins the lines of each paragraph and remembers where they came from. */
class BlockReader {
  readonly blocks: Block[] = []
  #levels: { level: number; title: string }[] = []
  #headings: readonly string[] = []
  #text = ''
  #starts: { offset: number; line: number }[] = []

  line(line: string, number: number): void {
    const words = line.trim().replace(/\s+/g, ' ')
    if (words === '') return
    if (this.#text !== '') this.#text += ' '
    this.#starts.push({ offset: this.#text.length, line: number })
    this.#text += words
  }

  heading(level: number, title: string): void {
    this.close()
    this.#levels = [...this.#levels.filter(above => above.level < level), { level, title }]
    this.#headings = this.#levels.map(above => above.title)
  }

  /** A line of `=` or `-`: the single line above it is a heading; elsewhere the line only divides. */
  underline(level: number): void {
    if (this.#starts.length === 1) {
      const title = this.#text
      this.#clear()
      this.heading(level, title)
    } else this.close()
  }

  close(): void {
    const starts = this.#starts
    const lineAt = (offset: number): number => starts.findLast(start => start.offset <= offset)?.line ?? 1
    if (this.#text !== '') this.blocks.push({ text: this.#text, headings: this.#headings, lineAt })
    this.#clear()
  }

  #clear(): void {
    this.#text = ''
    this.#starts = []
  }
}
