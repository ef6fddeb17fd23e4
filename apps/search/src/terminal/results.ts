import type { SearchHit } from '../server/types.ts'
import type { Colors } from './colors.ts'

/** Characters that would move the cursor, change colours or turn the direction of writing, from a person's own files. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const control = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g

/** Text that a terminal shows as it is, on one line. */
export const plain = (text: string): string => text.replace(control, found => (/[\t\n\v\f\r]/.test(found) ? ' ' : ''))

function highlight(text: string, words: readonly string[], colors: Colors): string {
  if (words.length === 0) return text
  const escaped = words.map(word => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const whole = new RegExp(`(?<![\\p{L}\\p{N}])(?:${escaped.join('|')})(?![\\p{L}\\p{N}])`, 'giu')
  return text.replace(whole, match => colors.yellow(match))
}

/** One result: words, score, text, and what of the query it has. */
export function hitText(hit: SearchHit, rank: number, colors: Colors): string {
  const { bold, dim } = colors
  const head = `${String(rank).padStart(2)}. ${bold(plain(hit.title))}  ${dim(hit.score.toFixed(3))}`
  const place = hit.location === undefined ? [] : [dim(plain(hit.location))]
  const matched = hit.matched.length > 0 ? [dim(`matched: ${plain(hit.matched.join(', '))}`)] : []
  const lines = [highlight(plain(hit.text), hit.matched, colors), ...place, ...matched]
  return [head, ...lines.map(line => `    ${line}`)].join('\n')
}
