import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { SurprisalError } from '@surprisal/tensor'
import { readWordNet } from '@surprisal/wordnet'
import { shuffled } from './shuffle.ts'

const textFile = /\.(md|markdown|txt|text|rst)$/i
/** Characters of a piece of a long text, about; pieces end where a paragraph or a line does. */
const pieceLength = 2000

/** The glosses of WordNet, one to a text, in an order of its own: `cat, true cat: feline mammal ...; "an example"`. */
async function dictionary(): Promise<string[]> {
  const texts = (await readWordNet()).map(({ lemmas, definition, examples }) => {
    const sentences = examples.map(example => `; "${example}"`)
    return `${lemmas.join(', ')}: ${definition}${sentences.join('')}`
  })
  return shuffled(texts, 0)
}

/** Files of texts at a path: itself, or those below a folder; hidden ones and `node_modules` are left out. */
async function filesAt(path: string): Promise<string[]> {
  const about = await stat(path).catch((cause: Error) => {
    throw new SurprisalError('io', `tiny-lm: ${path} cannot be read (${cause.message})`, { cause })
  })
  if (about.isFile()) return [path]
  const entries = await readdir(path, { withFileTypes: true })
  const found: string[] = []
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue
    const below = join(path, entry.name)
    if (entry.isDirectory()) found.push(...(await filesAt(below)))
    else if (entry.isFile() && textFile.test(entry.name)) found.push(below)
  }
  return found
}

async function readText(path: string): Promise<string> {
  const bytes = await readFile(path)
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    if (!text.includes('\0')) return text
  } catch (cause) {
    throw new SurprisalError('format', `tiny-lm: ${path} is not valid UTF-8; save it as UTF-8`, { cause })
  }
  throw new SurprisalError('format', `tiny-lm: ${path} is binary and not text`)
}

/** Cuts a text where paragraphs end, or lines where a paragraph is long. */
export function cutText(text: string): string[] {
  const pieces: string[] = []
  let piece = ''
  for (const line of text.split(/(?<=\n)/)) {
    piece += line
    const isParagraphEnd = line.trim() === ''
    if (piece.length >= pieceLength * (isParagraphEnd ? 1 : 2)) {
      pieces.push(piece)
      piece = ''
    }
  }
  return piece === '' ? pieces : [...pieces, piece]
}

/**
 * The texts to learn from.
 * @param paths files, or folders of text and Markdown files; none: the dictionary
 * @throws {SurprisalError} `io` or `format` naming the file and what is wrong with it
 */
export async function readDocuments(paths: readonly string[]): Promise<string[]> {
  if (paths.length === 0) return dictionary()
  const files = (await Promise.all(paths.map(filesAt))).flat()
  const documents: string[] = []
  for (const file of files) documents.push(...cutText(await readText(file)).filter(piece => piece.trim() !== ''))
  if (documents.length === 0)
    throw new SurprisalError(
      'io',
      `tiny-lm: ${paths.join(', ')} must hold text (.txt, .md, .markdown, .text, .rst), got none`,
    )
  return documents
}
