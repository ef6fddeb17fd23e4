import { globSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { SurprisalError } from '@surprisal/tensor'
import type { BenchCase } from './bench-case.ts'
import { readBenchFile } from './read-bench-file.ts'

/** A case and where it was found. */
export interface FoundCase {
  /** Package and name, such as `tensor/matmul-512`. */
  readonly id: string
  /** The bench file, as an absolute path. */
  readonly file: string
  readonly benchCase: BenchCase
}

/**
 * Every case in `packages/<name>/bench/*.bench.ts` below a folder, by package and file.
 *
 * @param root folder of the workspace
 * @throws {SurprisalError} `format` for a file without cases, or two cases of one package with the same name
 */
export async function discover(root: string): Promise<FoundCase[]> {
  const found: FoundCase[] = []
  for (const path of globSync('packages/*/bench/*.bench.ts', { cwd: root }).sort()) {
    const file = join(root, path)
    const owner = basename(dirname(dirname(file)))
    for (const benchCase of await readBenchFile(file)) {
      const id = `${owner}/${benchCase.case}`
      if (found.some(other => other.id === id))
        throw new SurprisalError('format', `discover: ${id} is defined twice, the second time in ${path}`)
      found.push({ id, file, benchCase })
    }
  }
  return found
}

/**
 * The cases that the words name: a package, a whole id, or a part of a name. Without words all of them.
 *
 * @throws {SurprisalError} `argument` for a word that names none
 */
export function select(cases: readonly FoundCase[], words: readonly string[]): FoundCase[] {
  const chosen = new Set<FoundCase>()
  for (const word of words) {
    const named = cases.filter(({ id }) => id.startsWith(`${word}/`) || id === word)
    const matching = named.length > 0 ? named : cases.filter(({ id }) => id.includes(word))
    if (matching.length === 0)
      throw new SurprisalError('argument', `bench: no case is named ${word}; --list shows them`)
    for (const one of matching) chosen.add(one)
  }
  return words.length === 0 ? [...cases] : cases.filter(one => chosen.has(one))
}
