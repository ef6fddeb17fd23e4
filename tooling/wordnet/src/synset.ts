import { SurprisalError } from '@surprisal/tensor'

/** Pointers that join near meanings: more general, similar, derived, pertaining to, see also, in the same group. */
const near = new Set(['@', '@i', '&', '+', '\\', '^', '$', '<'])

/** Words of one meaning. */
export interface Synset {
  /** Letter of the part of speech and offset in its file. */
  id: string
  lemmas: string[]
  definition: string
  /** Sentences in which a word is used. */
  examples: string[]
  /** Of synsets with near meanings. */
  pointers: string[]
}

/**
 * One line of a data file: `offset file type wordCount (word lexId)... pointerCount (symbol offset pos sides)... | gloss`.
 * @returns null for the licence lines at the top of a file
 */
export function parseSynset(line: string, letter: string): Synset | null {
  if (line.startsWith(' ') || line === '') return null
  const bar = line.indexOf(' | ')
  if (bar < 0) throw new SurprisalError('format', `a line must hold a gloss after "|", got ${line.slice(0, 40)}`)
  const fields = line.slice(0, bar).split(' ')
  const wordCount = Number.parseInt(fields[3], 16)
  const at = 4 + 2 * wordCount
  const pointerCount = Number(fields[at])
  if (!/^\d{8}$/.test(fields[0]) || !(wordCount > 0) || !(fields.length > at + 4 * pointerCount))
    throw new SurprisalError('format', `a line must hold all of its fields, got ${line.slice(0, 40)}`)
  const lemmas = Array.from({ length: wordCount }, (_, i) =>
    fields[4 + 2 * i].replace(/\((a|p|ip)\)$/, '').replaceAll('_', ' '),
  )
  const pointers: string[] = []
  for (let i = 0; i < pointerCount; i++) {
    const [symbol, offset, pos] = fields.slice(at + 1 + 4 * i, at + 4 + 4 * i)
    if (near.has(symbol)) pointers.push((pos === 's' ? 'a' : pos) + offset)
  }
  return { id: letter + fields[0], lemmas, pointers, ...parseGloss(line.slice(bar + 3)) }
}

/** Splits a gloss into its definition and the quoted sentences that follow; quoted single words stay in the definition. */
export function parseGloss(gloss: string): { definition: string; examples: string[] } {
  const sentences = [...gloss.matchAll(/"([^"]+)"/g)].filter(([, quoted]) => /\s/.test(quoted.trim()))
  const definition = gloss.slice(0, sentences[0]?.index).replace(/[;:,\s]+$/, '')
  return { definition: definition || gloss.trim(), examples: sentences.map(([, quoted]) => quoted.trim()) }
}
