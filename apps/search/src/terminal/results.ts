import pc from 'picocolors'
import type { SearchHit } from '../server/types.ts'

/** Characters that would move the cursor or change colours, from a person's own files. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g

function highlight(text: string, words: readonly string[]): string {
  if (words.length === 0) return text
  const escaped = words.map(word => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return text.replace(new RegExp(`(?<![\\p{L}\\p{N}])(?:${escaped.join('|')})(?![\\p{L}\\p{N}])`, 'giu'), match =>
    pc.yellow(match),
  )
}

/** One result: words, score, text, and what of the query it has. */
export function hitText(hit: SearchHit, rank: number): string {
  const clean = (text: string): string => text.replace(control, '')
  const head = `${String(rank).padStart(2)}. ${pc.bold(clean(hit.title))}  ${pc.dim(hit.score.toFixed(3))}`
  const place = hit.location ? [pc.dim(clean(hit.location))] : []
  const matched = hit.matched.length > 0 ? [pc.dim(`matched: ${clean(hit.matched.join(', '))}`)] : []
  return [head, ...[highlight(clean(hit.text), hit.matched), ...place, ...matched].map(line => `    ${line}`)].join(
    '\n',
  )
}
