/** A ```ts block of a Markdown file. */
export interface Example {
  /** Line of the first line of code, counted from 1. */
  line: number
  code: string
  /** What the block must print, one entry a line: the comments that begin with `// => `. */
  expected: string[]
}

/** The runnable examples of a Markdown text: its ```ts blocks, in order. */
export function extractExamples(markdown: string): Example[] {
  const lines = markdown.split('\n')
  const examples: Example[] = []
  for (let i = 0; i < lines.length; i++) {
    const opening = /^( *)(`{3,})ts\s*$/.exec(lines[i])
    if (!opening) continue
    const [, indentation, fence] = opening
    const first = i + 1
    while (++i < lines.length && lines[i].trim() !== fence) {}
    const code = lines
      .slice(first, i)
      .map(line => (line.startsWith(indentation) ? line.slice(indentation.length) : line))
    examples.push({ line: first + 1, code: code.join('\n'), expected: expectedOutput(code) })
  }
  return examples
}

function expectedOutput(code: string[]): string[] {
  return code.flatMap(line => /\/\/ => ?(.*)$/.exec(line)?.[1].trimEnd() ?? [])
}

/** How the printed lines differ from the expected ones, or nothing. */
export function compareOutput(expected: string[], printed: string): string | undefined {
  const lines = printed === '' ? [] : printed.trimEnd().split('\n')
  const got = lines.map(line => line.trim())
  const want = expected.map(line => line.trim())
  const at = Math.max(want.length, got.length)
  for (let i = 0; i < at; i++) {
    if (want[i] === got[i]) continue
    return `line ${i + 1} of its output is ${quote(got[i])}, the comment says ${quote(want[i])}`
  }
  return undefined
}

function quote(line: string | undefined): string {
  return line === undefined ? 'missing' : `'${line}'`
}
