import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join, matchesGlob, relative, resolve, sep } from 'node:path'
import { SurprisalError } from '@surprisal/tensor'
import type { Corpus, Document } from './corpus.ts'
import { splitPassages } from './passages.ts'

const textFile = /\.(md|markdown|txt|text|rst)$/i
const largestFile = 32 * 2 ** 20
const skippedFolders = new Set(['node_modules'])

/** Text and Markdown files below a folder, hidden ones and linked folders left out, in a fixed order. */
export async function findTextFiles(folder: string, exclude: readonly string[] = []): Promise<string[]> {
  const found: string[] = []
  const visit = async (at: string): Promise<void> => {
    const entries = await readdir(at, { withFileTypes: true }).catch((cause: Error) => {
      throw new SurprisalError('io', `search: folder ${at} cannot be read (${cause.message}); check --dir`, { cause })
    })
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(at, entry.name)
      const name = relative(folder, path).split(sep).join('/')
      if (entry.name.startsWith('.') || exclude.some(pattern => matchesGlob(name, pattern))) continue
      if (entry.isDirectory() && !skippedFolders.has(entry.name)) await visit(path)
      else if (entry.isFile() && textFile.test(entry.name)) found.push(path)
    }
  }
  await visit(folder)
  return found
}

/** The text of a file, or an error that says what is wrong with it and what to do. */
export async function readTextFile(path: string): Promise<string> {
  const fail = (problem: string, cause?: unknown): never => {
    throw new SurprisalError('format', `search: ${path} ${problem}, or leave it out with --exclude`, { cause })
  }
  const { size } = await stat(path).catch((cause: Error) => fail(`cannot be read (${cause.message}); check it`, cause))
  if (size === 0) fail('is empty; write something into it')
  if (size > largestFile)
    fail(`has ${Math.round(size / 2 ** 20)} MB, more than the ${largestFile / 2 ** 20} MB of a text; split it`)
  const bytes = await readFile(path).catch((cause: Error) => fail(`cannot be read (${cause.message}); check it`, cause))
  if (bytes.includes(0)) fail('is binary and not text; rename it')
  const text = decodeUtf8(bytes) ?? fail('is not valid UTF-8; save it as UTF-8')
  return text.trim() === '' ? fail('is empty; write something into it') : text
}

function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

/**
 * Passages of a person's own text and Markdown files.
 * @param exclude globs of paths below the folder that are left out
 * @throws {SurprisalError} `io` or `format` naming the folder or the file and what to do
 */
export async function loadFolder(dir: string, exclude: readonly string[] = []): Promise<Corpus> {
  const folder = resolve(dir)
  const about = await stat(folder).catch((cause: NodeJS.ErrnoException) => {
    const problem = cause.code === 'ENOENT' ? 'does not exist' : `cannot be read (${cause.message})`
    throw new SurprisalError('io', `search: folder ${folder} ${problem}; check --dir`, { cause })
  })
  if (!about.isDirectory()) throw new SurprisalError('io', `search: ${folder} is not a folder; check --dir`)
  const documents: Document[] = []
  for (const path of await findTextFiles(folder, exclude)) {
    const name = relative(folder, path).split(sep).join('/')
    const passages = splitPassages(await readTextFile(path), name)
    const first = documents.length
    passages.forEach(({ title, text, line }, i) => {
      const beside = [i - 1, i + 1].filter(j => j >= 0 && j < passages.length).map(j => first + j)
      documents.push({
        id: `${name}#${i + 1}`,
        title,
        text,
        examples: [],
        related: beside,
        location: `${name}:${line}`,
      })
    })
  }
  if (documents.length === 0)
    throw new SurprisalError(
      'io',
      `search: ${folder} has no text; --dir must hold .txt, .md, .markdown, .text or .rst files`,
    )
  return { name: basename(folder), kind: 'folder', documents, sampleQueries: [] }
}
