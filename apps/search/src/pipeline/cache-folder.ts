import { createHash } from 'node:crypto'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import type { Corpus } from '../data/corpus.ts'
import type { SearchOptions } from './options.ts'
import { presets } from './presets.ts'

/** Where builds are kept unless `--cache` says otherwise. */
export function defaultCache(env: NodeJS.ProcessEnv = process.env): string {
  const base = env.XDG_CACHE_HOME
  return join(base && isAbsolute(base) ? base : join(homedir(), '.cache'), 'surprisal-search')
}

/** A folder of its own for everything that decides what is built: corpus, settings of the preset, seed. */
export function buildFolder(
  corpus: Corpus,
  { cache, preset, seed }: Pick<SearchOptions, 'cache' | 'preset' | 'seed'>,
): string {
  const hash = createHash('sha256').update(JSON.stringify(presets[preset]))
  for (const { id, title, text, examples, related } of corpus.documents)
    hash.update(`${id}\0${title}\0${text}\0${examples.join('\n')}\0${related.join()}\0`)
  return join(cache, `${corpus.kind}-${preset}-${seed}-${hash.digest('hex').slice(0, 12)}`)
}
