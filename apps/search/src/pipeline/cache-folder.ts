import { createHash } from 'node:crypto'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Corpus } from '../data/corpus.ts'
import type { SearchOptions } from './options.ts'

/** Where builds are kept unless `--cache` says otherwise. */
export function defaultCache(env: NodeJS.ProcessEnv = process.env): string {
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'surprisal-search')
}

/** A folder of its own for every corpus, preset and seed. */
export function buildFolder(corpus: Corpus, { cache, preset, seed }: SearchOptions): string {
  const hash = createHash('sha256')
  for (const { id, title, text } of corpus.documents) hash.update(`${id}\0${title}\0${text}\0`)
  return join(cache, `${corpus.kind}-${preset}-${seed}-${hash.digest('hex').slice(0, 12)}`)
}
